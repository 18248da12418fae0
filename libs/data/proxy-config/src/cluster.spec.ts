import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  Cluster_LbPolicy as LbPolicy,
  HttpProtocolOptionsSchema,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeCluster } from "./cluster.ts";

type Init = MessageInitShape<typeof ClusterSchema>;

const ADS = { configSourceSpecifier: { case: "ads", value: {} } } as const;
const EDS: Init = {
  name: "c",
  clusterDiscoveryType: { case: "type", value: DiscoveryType.EDS },
  edsClusterConfig: { edsConfig: ADS },
};

const ORIGINAL_DST: Init = {
  name: "c",
  clusterDiscoveryType: { case: "type", value: DiscoveryType.ORIGINAL_DST },
  lbPolicy: LbPolicy.CLUSTER_PROVIDED,
};
const source = (address: string, port = 0) =>
  ({ address, portSpecifier: { case: "portValue", value: port } }) as const;
const BIND = { sourceAddress: source("127.0.0.6"), extraSourceAddresses: [{ address: source("::6") }] };

function issuesOf(init: Init): readonly string[] {
  const result = decodeCluster(create(ClusterSchema, init));
  return result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`);
}

describe("decodeCluster", () => {
  it("reads an EDS cluster with its defaults", () => {
    expect(decodeCluster(create(ClusterSchema, EDS))).toEqual({
      ok: true,
      value: {
        name: "c",
        source: { kind: "discovered", serviceName: "c" },
        policy: "roundRobin",
        connectTimeoutMs: 5_000,
        panicFraction: 0.5,
        limits: {
          maxConnections: 1_024,
          maxPendingRequests: 1_024,
          maxRequests: 1_024,
          maxRetries: 3,
          maxRequestsPerConnection: Infinity,
        },
        connections: { idleTimeoutMs: 3_600_000, maxDurationMs: Infinity },
        outliers: undefined,
      },
    });
  });

  it("reads limits; the largest number means none", () => {
    const thresholds = [{ maxConnections: 1, maxRequests: 4_294_967_295 }];
    const result = decodeCluster(create(ClusterSchema, { ...EDS, circuitBreakers: { thresholds } }));
    expect(result.ok && result.value.limits).toMatchObject({ maxConnections: 1, maxRequests: Infinity });
  });

  it("reads a retry budget, with Envoy's defaults", () => {
    const thresholds = [{ retryBudget: { minRetryConcurrency: 5 } }];
    const result = decodeCluster(create(ClusterSchema, { ...EDS, circuitBreakers: { thresholds } }));
    expect(result.ok && result.value.limits.retryBudget).toEqual({ percent: 20, minimum: 5 });
  });

  it("reads how its connections are kept", () => {
    const options = create(HttpProtocolOptionsSchema, {
      commonHttpProtocolOptions: {
        idleTimeout: durationFromMs(5_000),
        maxConnectionDuration: durationFromMs(60_000),
        maxRequestsPerConnection: 3,
      },
    });
    const result = decodeCluster(
      create(ClusterSchema, {
        ...EDS,
        upstreamConnectionOptions: { tcpKeepalive: { keepaliveTime: 30, keepaliveProbes: 4 } },
        typedExtensionProtocolOptions: {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": anyPack(
            HttpProtocolOptionsSchema,
            options,
          ),
        },
      }),
    );
    expect(result.ok && result.value).toMatchObject({
      limits: { maxRequestsPerConnection: 3 },
      connections: {
        idleTimeoutMs: 5_000,
        maxDurationMs: 60_000,
        keepAlive: { idleMs: 30_000, intervalMs: undefined, probes: 4 },
      },
    });
  });

  it("reads where an ORIGINAL_DST cluster dials from", () => {
    const result = decodeCluster(create(ClusterSchema, { ...ORIGINAL_DST, upstreamBindConfig: BIND }));
    expect(result.ok && result.value.source).toEqual({ kind: "passthrough", sources: ["127.0.0.6", "::6"] });
  });

  it.each<{ name: string; init: Init; issue: string }>([
    {
      name: "a source address for other clusters",
      init: { ...EDS, upstreamBindConfig: BIND },
      issue: "clusters[c].upstream_bind_config must be absent unless type is ORIGINAL_DST",
    },
    {
      name: "a source port",
      init: { ...ORIGINAL_DST, upstreamBindConfig: { sourceAddress: source("127.0.0.6", 1) } },
      issue: "clusters[c].upstream_bind_config.source_address.port_value must be 0: the kernel chooses",
    },
    {
      name: "a destination by header",
      init: {
        ...ORIGINAL_DST,
        lbConfig: { case: "originalDstLbConfig", value: { useHttpHeader: true } },
      },
      issue: "clusters[c].original_dst_lb_config is not supported by this proxy",
    },
    {
      name: "a policy that it does not have",
      init: { ...EDS, lbPolicy: LbPolicy.MAGLEV },
      issue: "clusters[c].lb_policy must be ROUND_ROBIN, LEAST_REQUEST or RANDOM",
    },
    {
      name: "a field that it would ignore",
      init: { ...EDS, healthChecks: [{}] },
      issue: "clusters[c].health_checks is not supported by this proxy",
    },
    {
      name: "a negative timeout",
      init: { ...EDS, connectTimeout: durationFromMs(-1) },
      issue: "clusters[c].connect_timeout must not be negative",
    },
    {
      name: "names to resolve",
      init: { name: "c", clusterDiscoveryType: { case: "type", value: DiscoveryType.STRICT_DNS } },
      issue: "clusters[c].type must be EDS, STATIC or ORIGINAL_DST",
    },
    {
      name: "endpoints from a file",
      init: { ...EDS, edsClusterConfig: {} },
      issue: "clusters[c].eds_cluster_config.eds_config must be ads",
    },
  ])("refuses $name", ({ init, issue }) => {
    expect(issuesOf(init)).toEqual([issue]);
  });

  it("says everything that is wrong, not only the first thing", () => {
    expect(issuesOf({ ...EDS, lbPolicy: LbPolicy.RING_HASH, healthChecks: [{}] })).toHaveLength(2);
  });
});
