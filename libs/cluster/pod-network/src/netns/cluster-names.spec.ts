import type { EndpointSlice, Service } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { clusterAnswers, type NamedObjects } from "./cluster-names.ts";

const metadata = (name: string) => ({ name, namespace: "default" });
const SERVICES: readonly Service[] = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("rating"),
    spec: { clusterIP: "10.96.0.7", ports: [{ name: "http", port: 8080 }] },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("store"),
    spec: { clusterIP: "None", ports: [{ name: "db", port: 5432 }] },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("far"),
    spec: { type: "ExternalName", externalName: "example.com" },
  },
];
const STORES: EndpointSlice = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { ...metadata("store-1"), labels: { "kubernetes.io/service-name": "store" } },
  addressType: "IPv4",
  endpoints: [
    { addresses: ["10.244.0.5"], conditions: { ready: true } },
    { addresses: ["10.244.0.6"], conditions: { ready: false } },
    { addresses: ["10.244.0.7"], hostname: "store-2" },
  ],
};
const objects: NamedObjects = {
  service: (namespace, name) =>
    SERVICES.find((each) => each.metadata.namespace === namespace && each.metadata.name === name),
  slices: (namespace) => (namespace === "default" ? [STORES] : []),
};
const data = (name: string, type: "A" | "AAAA" | "SRV") =>
  clusterAnswers(objects, { name: `${name}.cluster.local`, type })?.map(
    (answer) => "data" in answer && answer.data,
  );

describe("clusterAnswers", () => {
  it.each([
    { name: "rating.default.svc", type: "A", answers: ["10.96.0.7"] },
    { name: "RATING.Default.svc", type: "A", answers: ["10.96.0.7"] },
    { name: "rating.default.svc", type: "AAAA", answers: [] },
    { name: "store.default.svc", type: "A", answers: ["10.244.0.5", "10.244.0.7"] },
    { name: "10-244-0-5.store.default.svc", type: "A", answers: ["10.244.0.5"] },
    { name: "store-2.store.default.svc", type: "A", answers: ["10.244.0.7"] },
    { name: "10-244-0-7.store.default.svc", type: "A", answers: undefined },
    { name: "10-244-0-9.store.default.svc", type: "A", answers: undefined },
    { name: "10-244-0-9.default.pod", type: "A", answers: ["10.244.0.9"] },
    { name: "far.default.svc", type: "A", answers: ["example.com"] },
    { name: "rating.other.svc", type: "A", answers: undefined },
    { name: "rating.default", type: "A", answers: undefined },
    {
      name: "_http._tcp.rating.default.svc",
      type: "SRV",
      answers: [{ priority: 0, weight: 100, port: 8080, target: "rating.default.svc.cluster.local" }],
    },
    {
      name: "_db._tcp.store.default.svc",
      type: "SRV",
      answers: [
        { priority: 0, weight: 100, port: 5432, target: "10-244-0-5.store.default.svc.cluster.local" },
        { priority: 0, weight: 100, port: 5432, target: "store-2.store.default.svc.cluster.local" },
      ],
    },
    { name: "_nope._tcp.rating.default.svc", type: "SRV", answers: undefined },
  ] as const)("answers $type of $name with $answers", ({ name, type, answers }) => {
    expect(data(name, type)).toEqual(answers);
  });
});
