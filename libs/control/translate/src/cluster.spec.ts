import { DEFAULT_MESH_CONFIG, type DestinationRule } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import { HOST, RATING_V1, resourcesOf, subsets } from "./testing/rating-world.ts";

const NO_LIMIT = 4_294_967_295;

describe("clusters", () => {
  it("are as istiod makes them where no rule says anything", () => {
    expect(resourcesOf("cluster")[`outbound|8080||${HOST}`]).toMatchObject({
      type: "EDS",
      eds_cluster_config: { eds_config: { ads: {} }, service_name: `outbound|8080||${HOST}` },
      connect_timeout: "10s",
      lb_policy: "LEAST_REQUEST",
      circuit_breakers: {
        thresholds: [
          {
            max_connections: NO_LIMIT,
            max_pending_requests: NO_LIMIT,
            max_requests: NO_LIMIT,
            max_retries: NO_LIMIT,
          },
        ],
      },
    });
  });

  it("take the mesh's balancing policy where no rule sets one", () => {
    const meshConfig = { ...DEFAULT_MESH_CONFIG, defaultLoadBalancer: "ROUND_ROBIN" } as const;
    // ROUND_ROBIN is the enum's first value, which proto-JSON leaves out.
    expect(resourcesOf("cluster", { meshConfig })[`outbound|8080||${HOST}`]).not.toHaveProperty("lb_policy");
  });

  it("carry what a DestinationRule says, a subset's own words first", () => {
    const rule: DestinationRule = {
      ...subsets,
      spec: {
        host: "rating",
        trafficPolicy: {
          loadBalancer: { simple: "RANDOM" },
          connectionPool: {
            tcp: { maxConnections: 3, connectTimeout: "2s" },
            http: { http1MaxPendingRequests: 4, maxRequestsPerConnection: 5 },
          },
        },
        subsets: [
          {
            name: "v1",
            labels: { version: "v1" },
            trafficPolicy: { connectionPool: { tcp: { maxConnections: 7 } } },
          },
        ],
      },
    };
    const clusters = resourcesOf("cluster", { destinationRules: [rule] });
    expect(clusters[`outbound|8080||${HOST}`]).toMatchObject({
      lb_policy: "RANDOM",
      connect_timeout: "2s",
      circuit_breakers: { thresholds: [{ max_connections: 3, max_pending_requests: 4 }] },
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          common_http_protocol_options: { max_requests_per_connection: 5 },
        },
      },
      metadata: {
        filter_metadata: {
          istio: { config: "/apis/networking.istio.io/v1/namespaces/default/destination-rule/rating" },
        },
      },
    });
    expect(clusters[`outbound|8080|v1|${HOST}`]).toMatchObject({
      lb_policy: "RANDOM",
      connect_timeout: "10s",
      circuit_breakers: { thresholds: [{ max_connections: 7, max_pending_requests: NO_LIMIT }] },
      metadata: { filter_metadata: { istio: { subset: "v1" } } },
    });
  });

  it("keep connections as a DestinationRule says", () => {
    const connectionPool = {
      tcp: {
        idleTimeout: "1h",
        maxConnectionDuration: "2h",
        tcpKeepalive: { time: "60s", interval: "5s", probes: 3 },
      },
      http: { idleTimeout: "30s", useClientProtocol: true },
    };
    const rule = { ...subsets, spec: { host: "rating", trafficPolicy: { connectionPool } } };
    expect(resourcesOf("cluster", { destinationRules: [rule] })[`outbound|8080||${HOST}`]).toMatchObject({
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          common_http_protocol_options: { idle_timeout: "30s", max_connection_duration: "7200s" },
          use_downstream_protocol_config: {},
        },
      },
      upstream_connection_options: {
        tcp_keepalive: { keepalive_time: 60, keepalive_interval: 5, keepalive_probes: 3 },
      },
    });
  });

  it("are those of the application where a service selects the pod", () => {
    expect(resourcesOf("cluster", {}, RATING_V1)["inbound|8082||"]).toMatchObject({
      load_assignment: {
        endpoints: [
          {
            lb_endpoints: [
              { endpoint: { address: { socket_address: { address: "127.144.0.1", port_value: 8082 } } } },
            ],
          },
        ],
      },
    });
    expect(Object.keys(resourcesOf("cluster"))).not.toContain("inbound|8082||");
  });
});
