import { describe, expect, it } from "vitest";
import { readHostName } from "./service-names.ts";

const services = new Set(["default/rating", "shop/cart", "istio-system/istiod"]);
const context = {
  namespace: "default",
  hasService: (namespace: string, name: string) => services.has(`${namespace}/${name}`),
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
    { host: "pod-0.db.shop.svc.cluster.local", meaning: { kind: "service", namespace: "shop", name: "db" } },
    { host: "cart", meaning: { kind: "outside", name: "cart" } },
    { host: "example.com", meaning: { kind: "outside", name: "example.com" } },
    { host: "10.96.0.1", meaning: { kind: "address", ip: "10.96.0.1" } },
    { host: "localhost", meaning: { kind: "pod-localhost" } },
    { host: "127.0.0.1", meaning: { kind: "pod-localhost" } },
  ])("reads $host", ({ host, meaning }) => {
    expect(readHostName(host, context)).toEqual(meaning);
  });
});
