import type { EndpointSlice, KubeObject, Service } from "@bookmesh/kube-api";
import { keyOf, nameOf, type ObjectCache } from "@bookmesh/reconcile";
import { describe, expect, it } from "vitest";
import { serviceDirectory } from "./service-directory.ts";

function cacheOf<T extends KubeObject>(objects: readonly T[]): ObjectCache<T> {
  return {
    get: (key) => objects.find((object) => nameOf(keyOf(object)) === nameOf(key)),
    list: () => objects,
    onChange: () => undefined,
    stop: () => undefined,
  };
}

const serviceWith = (spec: Service["spec"]): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", uid: "of-web" },
  spec: { ports: [{ name: "http", port: 80 }], ...spec },
});

const slice: EndpointSlice = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "web-x", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } },
  addressType: "IPv4",
  endpoints: [
    { addresses: ["10.0.0.1"], hostname: "web-0" },
    { addresses: ["10.0.0.2"], hostname: "web-1" },
    { addresses: ["10.0.0.3"] },
    { addresses: ["10.0.0.4"], conditions: { ready: false } },
  ],
  ports: [{ name: "http", port: 8080 }],
};

/** The last number of the first target's address, call by call. */
function callsTo(spec: Service["spec"]) {
  let nowMs = 0;
  const service = serviceWith(spec);
  const endpoints: EndpointSlice["endpoints"][number][] = [...slice.endpoints];
  const directory = serviceDirectory(cacheOf([service]), cacheOf([{ ...slice, endpoints }]), () => nowMs);
  return {
    from: (caller: string) => Number(directory.targets(service, { port: 80, caller })[0]?.host.at(-1)),
    wait: (ms: number) => void (nowMs += ms),
    lose: (index: number) => void endpoints.splice(index, 1),
    directory,
    service,
  };
}

const sticky = (timeoutSeconds: number): Service["spec"] => ({
  clusterIP: "10.96.0.7",
  sessionAffinity: "ClientIP",
  sessionAffinityConfig: { clientIP: { timeoutSeconds } },
});

describe("serviceDirectory", () => {
  it("takes the ready endpoints in turn", () => {
    const { from } = callsTo({ clusterIP: "10.96.0.7" });
    expect([from("a"), from("a"), from("a"), from("a")]).toEqual([1, 2, 3, 1]);
  });

  it("keeps a caller with its endpoint where the Service wants that", () => {
    const { from } = callsTo(sticky(10));
    expect([from("a"), from("b"), from("a"), from("b"), from("a")]).toEqual([1, 2, 1, 2, 1]);
  });

  it("forgets a caller that does not come back in time", () => {
    const { from, wait } = callsTo(sticky(10));
    expect(from("a")).toBe(1);
    wait(9_999);
    expect(from("a")).toBe(1);
    wait(10_000);
    expect(from("a")).toBe(2);
  });

  it("gives a caller another endpoint when its own is gone", () => {
    const { from, lose } = callsTo(sticky(10));
    expect(from("a")).toBe(1);
    lose(0);
    expect([from("a"), from("a")]).toEqual([3, 3]);
  });

  it.each([
    { hostname: "web-1", hosts: ["10.0.0.2"] },
    { hostname: "10-0-0-3", hosts: ["10.0.0.3"] },
    { hostname: "web-9", hosts: [] },
  ])("knows $hostname", ({ hostname, hosts }) => {
    const { directory, service } = callsTo({ clusterIP: "None" });
    expect(directory.hasHostname(service, hostname)).toBe(hosts.length > 0);
    const targets = directory.targets(service, { port: 80, hostname });
    expect(targets.map(({ host }) => host)).toEqual(hosts);
  });
});
