import type { BalancingPolicy, ClusterSpec, HostSource } from "@bookmesh/proxy-core/clusters";
import { err, ok, type ConfigIssue, type Result } from "@bookmesh/kernel";
import {
  ClusterSchema,
  Cluster_CommonLbConfigSchema,
  Cluster_DiscoveryType as DiscoveryType,
  Cluster_EdsClusterConfigSchema,
  Cluster_LbPolicy as LbPolicy,
  Cluster_LeastRequestLbConfigSchema,
  type Cluster as ClusterProto,
} from "@bookmesh/xds-api";
import { readLimits } from "./decode/circuit-breakers.ts";
import { readKeepAlive } from "./decode/keep-alive.ts";
import { below, complain, placeOf, refuseFieldsBut, type Place } from "./decode/place.ts";
import { readProtocolOptions } from "./decode/protocol-options.ts";
import { readSources } from "./decode/bind-config.ts";
import { readOutlierDetection } from "./decode/outlier-detection.ts";
import { readDurationMs } from "./decode/values.ts";
import { readAssignment } from "./endpoint.ts";

/** Envoy's default of `connect_timeout`. */
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_PANIC_PERCENT = 50;

const POLICIES: ReadonlyMap<LbPolicy, BalancingPolicy> = new Map([
  [LbPolicy.ROUND_ROBIN, "roundRobin"],
  [LbPolicy.LEAST_REQUEST, "leastRequest"],
  [LbPolicy.RANDOM, "random"],
]);

/** Reads a cluster, or says everything that is wrong with it (not only the first thing). */
export function decodeCluster(proto: ClusterProto): Result<ClusterSpec, readonly ConfigIssue[]> {
  const place = placeOf("clusters", proto.name);
  refuseFieldsBut(
    place,
    [ClusterSchema, proto],
    [
      "name",
      "alt_stat_name",
      "type",
      "eds_cluster_config",
      "connect_timeout",
      "lb_policy",
      "load_assignment",
      "circuit_breakers",
      "typed_extension_protocol_options",
      "common_lb_config",
      "least_request_lb_config",
      "upstream_bind_config",
      "round_robin_lb_config",
      "metadata",
      "outlier_detection",
      "upstream_connection_options",
    ],
  );
  if (proto.name === "") complain(below(place, "name"), "must not be empty");
  const connectAt = below(place, "connect_timeout");
  const connectTimeoutMs = readDurationMs(connectAt, proto.connectTimeout, DEFAULT_CONNECT_TIMEOUT_MS);
  if (connectTimeoutMs === 0) complain(connectAt, "must be more than 0");
  const source = readSource(place, proto);
  const http = readProtocolOptions(place, proto.typedExtensionProtocolOptions);
  const keepAlive = readKeepAlive(
    below(place, "upstream_connection_options"),
    proto.upstreamConnectionOptions,
  );
  const spec = {
    name: proto.name,
    source,
    policy: readPolicy(place, proto, source.kind),
    connectTimeoutMs,
    panicFraction: readPanicFraction(below(place, "common_lb_config"), proto),
    limits: {
      ...readLimits(below(place, "circuit_breakers"), proto.circuitBreakers),
      maxRequestsPerConnection: http.maxRequestsPerConnection,
    },
    connections: { idleTimeoutMs: http.idleTimeoutMs, maxDurationMs: http.maxDurationMs, keepAlive },
    outliers: readOutliers(place, proto),
  };
  return place.issues.length > 0 ? err(place.issues) : ok(spec);
}

function readSource(place: Place, proto: ClusterProto): HostSource {
  const type = proto.clusterDiscoveryType.value ?? DiscoveryType.STATIC;
  if (proto.loadAssignment && type !== DiscoveryType.STATIC)
    complain(below(place, "load_assignment"), "must be absent unless type is STATIC");
  if (proto.upstreamBindConfig && type !== DiscoveryType.ORIGINAL_DST)
    complain(below(place, "upstream_bind_config"), "must be absent unless type is ORIGINAL_DST");
  switch (type) {
    case DiscoveryType.EDS: {
      const config = proto.edsClusterConfig;
      const at = below(place, "eds_cluster_config");
      if (config)
        refuseFieldsBut(at, [Cluster_EdsClusterConfigSchema, config], ["eds_config", "service_name"]);
      if (config?.edsConfig?.configSourceSpecifier.case !== "ads")
        complain(below(at, "eds_config"), "must be ads");
      return { kind: "discovered", serviceName: config?.serviceName || proto.name };
    }
    case DiscoveryType.ORIGINAL_DST:
      return { kind: "passthrough", sources: readSources(below(place, "upstream_bind_config"), proto) };
    case DiscoveryType.STATIC: {
      const { loadAssignment } = proto;
      const at = below(place, "load_assignment");
      return { kind: "fixed", endpoints: loadAssignment ? readAssignment(at, loadAssignment).endpoints : [] };
    }
    default:
      complain(below(place, "type"), "must be EDS, STATIC or ORIGINAL_DST");
      return { kind: "fixed", endpoints: [] };
  }
}

function readPolicy(place: Place, proto: ClusterProto, kind: HostSource["kind"]): BalancingPolicy {
  const { lbConfig } = proto;
  if (lbConfig.case === "leastRequestLbConfig") {
    const at = below(place, "least_request_lb_config");
    refuseFieldsBut(at, [Cluster_LeastRequestLbConfigSchema, lbConfig.value], ["choice_count"]);
    if ((lbConfig.value.choiceCount ?? 2) !== 2) complain(below(at, "choice_count"), "must be 2");
  }
  if (lbConfig.case === "roundRobinLbConfig" && lbConfig.value.slowStartConfig)
    complain(below(place, "round_robin_lb_config.slow_start_config"), "is not supported by this proxy");
  if (kind === "passthrough") {
    if (proto.lbPolicy !== LbPolicy.CLUSTER_PROVIDED)
      complain(below(place, "lb_policy"), "must be CLUSTER_PROVIDED where type is ORIGINAL_DST");
    return "random";
  }
  const policy = POLICIES.get(proto.lbPolicy);
  if (!policy) complain(below(place, "lb_policy"), "must be ROUND_ROBIN, LEAST_REQUEST or RANDOM");
  return policy ?? "random";
}

function readOutliers(place: Place, { outlierDetection, clusterDiscoveryType }: ClusterProto) {
  if (!outlierDetection) return undefined;
  const at = below(place, "outlier_detection");
  if (clusterDiscoveryType.value === DiscoveryType.ORIGINAL_DST)
    complain(at, "must be absent where type is ORIGINAL_DST: there is no other host to go to");
  return readOutlierDetection(at, outlierDetection);
}

function readPanicFraction(place: Place, { commonLbConfig }: ClusterProto): number {
  if (!commonLbConfig) return DEFAULT_PANIC_PERCENT / 100;
  refuseFieldsBut(
    place,
    [Cluster_CommonLbConfigSchema, commonLbConfig],
    ["healthy_panic_threshold", "update_merge_window", "close_connections_on_host_set_change"],
  );
  if (commonLbConfig.closeConnectionsOnHostSetChange)
    complain(below(place, "close_connections_on_host_set_change"), "must be false");
  return (commonLbConfig.healthyPanicThreshold?.value ?? DEFAULT_PANIC_PERCENT) / 100;
}
