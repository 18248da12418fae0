import { describe, expect, it } from "vitest";
import { CALLER, HOST, rating, RATING_V1, READY, resourcesOf, slice } from "./testing/rating-world.ts";

const REDIRECTED = { ...CALLER, wildcards: ["0.0.0.0"] };

/** The rating service with one port of a name, and ClusterIP 10.96.0.9. */
function withPort(name: string) {
  const spec = { ...rating.spec, clusterIP: "10.96.0.9", ports: [{ name, port: 9_000, targetPort: 9_001 }] };
  return { services: [{ ...rating, spec }] };
}

describe("listeners of redirected traffic", () => {
  it.each([
    { name: "http", listeners: ["0.0.0.0_9000"], routes: ["9000"] },
    { name: "tcp", listeners: ["10.96.0.9_9000"], routes: [] },
    { name: "grpc", listeners: ["10.96.0.9_9000"], routes: [] },
    { name: "web", listeners: ["0.0.0.0_9000", "10.96.0.9_9000"], routes: ["9000"] },
  ])("for a port named $name are $listeners", ({ name, listeners, routes }) => {
    const world = withPort(name);
    expect(Object.keys(resourcesOf("listener", world, REDIRECTED))).toEqual(
      expect.arrayContaining(["virtualOutbound", ...listeners, "virtualInbound"]),
    );
    expect(Object.keys(resourcesOf("listener", world, REDIRECTED))).toHaveLength(listeners.length + 2);
    expect(Object.keys(resourcesOf("route", world, REDIRECTED))).toEqual(routes);
  });

  it("pass calls of a headless service on to the pod that the caller chose", () => {
    const spec = { ...rating.spec, clusterIP: "None", ports: [{ name: "tcp", port: 9_000 }] };
    const endpointSlices = [{ ...slice(READY), ports: [{ name: "tcp", port: 9_000 }] }];
    const listeners = resourcesOf(
      "listener",
      { services: [{ ...rating, spec }], endpointSlices },
      REDIRECTED,
    );
    expect(Object.keys(listeners).filter((name) => !name.startsWith("virtual"))).toEqual([
      "127.16.0.1_9000",
      "127.16.0.2_9000",
    ]);
    expect(JSON.stringify(listeners["127.16.0.1_9000"])).toContain('"cluster":"PassthroughCluster"');
  });

  it("give an address and port that two services claim to the older one", () => {
    const [service] = withPort("tcp").services;
    const twin = { ...rating, ...service, metadata: { name: "twin", namespace: "default" } };
    const services = [twin, { ...rating, ...service }].map((object, index) => ({
      ...object,
      metadata: { ...object.metadata, creationTimestamp: `2026-01-0${index + 1}T00:00:00Z` },
    }));
    const listeners = resourcesOf("listener", { services }, REDIRECTED);
    expect(JSON.stringify(listeners["10.96.0.9_9000"])).toContain("outbound|9000||twin.default");
  });

  it("ask for no routes of a port that is the sidecar's own, whatever is spoken there", () => {
    const spec = { ...rating.spec, clusterIP: "10.96.0.9", ports: [{ name: "status-port", port: 15_021 }] };
    const world = { services: [{ ...rating, spec }] };
    expect(JSON.stringify(resourcesOf("listener", world, REDIRECTED)["10.96.0.9_15021"])).not.toContain(
      "routeConfigName",
    );
    expect(resourcesOf("route", world, REDIRECTED)).toEqual({});
  });

  it("leave the sidecar's own ports alone", () => {
    const ports = [15_001, 15_006, 15_020].map((port) => ({ name: `http-${port}`, port }));
    const services = [{ ...rating, spec: { ...rating.spec, ports } }];
    const view = { ...RATING_V1, wildcards: ["0.0.0.0"] };
    expect(Object.keys(resourcesOf("listener", { services }, view)).toSorted()).toEqual([
      "virtualInbound",
      "virtualOutbound",
    ]);
    expect(Object.keys(resourcesOf("cluster", { services }, view))).not.toContain("inbound|15006||");
  });

  it("take on the caller's own ports only what iptables brings", () => {
    const { virtualOutbound, virtualInbound, ...others } = resourcesOf("listener", {}, REDIRECTED);
    expect(virtualOutbound).toMatchObject({
      address: { socket_address: { address: "0.0.0.0", port_value: 15_001 } },
      use_original_dst: true,
    });
    expect(virtualInbound).toMatchObject({
      address: { socket_address: { address: "0.0.0.0", port_value: 15_006 } },
    });
    for (const listener of Object.values(others)) expect(listener).toMatchObject({ bind_to_port: false });
  });

  it("serve each port of the application by its protocol", () => {
    const { virtualInbound } = resourcesOf("listener", withPort("web"), { ...RATING_V1, wildcards: ["::"] });
    expect(virtualInbound).toMatchObject({
      address: { socket_address: { address: "::", port_value: 15_006 } },
      filter_chains: [
        { name: "virtualInbound-blackhole", filter_chain_match: { destination_port: 15_006 } },
        {
          filter_chain_match: { destination_port: 9_001, application_protocols: ["http/1.0", "http/1.1"] },
        },
        { filter_chain_match: { destination_port: 9_001 } },
      ],
      default_filter_chain: { name: "virtualInbound-catchall-tcp" },
    });
  });

  it("answer on both families where the pod has both", () => {
    const listeners = resourcesOf("listener", {}, { ...CALLER, wildcards: ["0.0.0.0", "::"] });
    expect(listeners["virtualOutbound"]).toMatchObject({
      address: { socket_address: { address: "0.0.0.0" } },
      additional_addresses: [{ address: { socket_address: { address: "::" } } }],
    });
  });
});

describe("routes of redirected traffic", () => {
  it("know a service by its names and its ClusterIP, whatever port is written behind them", () => {
    const { "9000": routes } = resourcesOf("route", withPort("http"), REDIRECTED);
    const [host] = (routes?.["virtual_hosts"] ?? []) as { name: string; domains: string[] }[];
    expect(host?.name).toBe(`${HOST}:9000`);
    expect(host?.domains).toEqual(expect.arrayContaining([HOST, "rating", "10.96.0.9"]));
    expect(routes).toMatchObject({ ignore_port_in_host_matching: true });
  });
});

describe("clusters of redirected traffic", () => {
  it("dial the pod itself from an address that iptables leaves alone", () => {
    const view = { ...RATING_V1, wildcards: ["0.0.0.0", "::"] };
    const clusters = resourcesOf("cluster", withPort("http"), view);
    for (const name of ["inbound|9001||", "InboundPassthroughCluster"]) {
      expect(clusters[name]).toMatchObject({
        type: "ORIGINAL_DST",
        upstream_bind_config: {
          source_address: { address: "127.0.0.6" },
          extra_source_addresses: [{ address: { address: "::6" } }],
        },
      });
    }
  });
});
