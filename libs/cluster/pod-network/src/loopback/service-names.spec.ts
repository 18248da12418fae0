import { describe, expect, it } from "vitest";
import { readHostName } from "./service-names.ts";

const names = new Set([
  "default/rating",
  "default/store",
  "shop/cart",
  "istio-system/istiod",
  "default/store/store-0",
]);
const context = {
  namespace: "default",
  has: (...path: readonly (string | undefined)[]) => names.has(path.filter(Boolean).join("/")),
};

describe("readHostName", () => {
  it.each([
    { host: "rating", meaning: { kind: "service", namespace: "default", name: "rating" } },
    { host: "Rating.", meaning: { kind: "service", namespace: "default", name: "rating" } },
    { host: "cart.shop", meaning: { kind: "service", namespace: "shop", name: "cart" } },
    {
      host: "istiod.istio-system.svc",
      meaning: { kind: "service", namespace: "istio-system", name: "istiod" },
    },
    {
      host: "nobody.shop.svc.cluster.local",
      meaning: { kind: "service", namespace: "shop", name: "nobody" },
    },
    {
      host: "pod-0.db.shop.svc.cluster.local",
      meaning: { kind: "service", namespace: "shop", name: "db", hostname: "pod-0" },
    },
    {
      host: "store-0.store",
      meaning: { kind: "service", namespace: "default", name: "store", hostname: "store-0" },
    },
    {
      host: "store-0.store.default",
      meaning: { kind: "service", namespace: "default", name: "store", hostname: "store-0" },
    },
    { host: "store-9.store", meaning: { kind: "outside", name: "store-9.store" } },
    { host: "cart", meaning: { kind: "outside", name: "cart" } },
    { host: "example.com", meaning: { kind: "outside", name: "example.com" } },
    { host: "10.96.0.1", meaning: { kind: "address", ip: "10.96.0.1" } },
    { host: "localhost", meaning: { kind: "pod-localhost" } },
    { host: "127.0.0.1", meaning: { kind: "pod-localhost" } },
  ])("reads $host", ({ host, meaning }) => {
    expect(readHostName(host, context)).toEqual(meaning);
  });
});
