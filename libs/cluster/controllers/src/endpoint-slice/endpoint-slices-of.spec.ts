import type { Pod, Service } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { endpointSlicesOf } from "./endpoint-slices-of.ts";

const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", uid: "service-uid" },
  spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};

function pod(
  name: string,
  change: {
    port?: number;
    ready?: boolean;
    leaving?: boolean;
    phase?: "Running" | "Succeeded";
    app?: string;
  } = {},
): Pod {
  const { port = 8080, ready = true, leaving = false, phase = "Running", app = "web" } = change;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `${name}-uid`,
      labels: { app },
      ...(leaving ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
    spec: {
      nodeName: "bookmesh",
      containers: [{ name: "web", ports: [{ name: "http", containerPort: port }] }],
    },
    status: {
      phase,
      podIP: `127.16.0.${name.length}`,
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

describe("endpointSlicesOf", () => {
  it.each([
    { name: "a ready pod", pod: pod("a"), conditions: { ready: true, serving: true, terminating: false } },
    {
      name: "an unready pod",
      pod: pod("a", { ready: false }),
      conditions: { ready: false, serving: false, terminating: false },
    },
    {
      name: "a pod on its way out",
      pod: pod("a", { leaving: true }),
      conditions: { ready: false, serving: true, terminating: true },
    },
  ])("says how $name is", ({ pod: only, conditions }) => {
    const [slice] = endpointSlicesOf(service, [only]);
    expect(slice?.endpoints[0]?.conditions).toEqual(conditions);
    expect(slice?.endpoints[0]?.targetRef).toEqual({
      kind: "Pod",
      name: "a",
      namespace: "shop",
      uid: "a-uid",
    });
  });

  it("leaves out pods of others and finished ones, and keeps the slice without endpoints", () => {
    const slices = endpointSlicesOf(service, [pod("a", { app: "other" }), pod("b", { phase: "Succeeded" })]);
    expect(slices.map(({ endpoints }) => endpoints)).toEqual([[]]);
  });

  it("gives pods whose named port differs a slice of their own", () => {
    const slices = endpointSlicesOf(service, [pod("a"), pod("bb", { port: 9090 })]);
    expect(slices.map(({ ports }) => ports?.[0]?.port)).toEqual([8080, 9090]);
    expect(new Set(slices.map(({ metadata }) => metadata.name)).size).toBe(2);
  });

  it("names a slice by the Service and its ports alone", () => {
    const [one] = endpointSlicesOf(service, [pod("a")]);
    const [other] = endpointSlicesOf(service, [pod("bb"), pod("ccc")]);
    expect(one?.metadata.name).toBe(other?.metadata.name);
  });

  it("makes none for a Service without a selector", () => {
    expect(endpointSlicesOf({ ...service, spec: { ports: [{ port: 80 }] } }, [pod("a")])).toEqual([]);
  });
});
