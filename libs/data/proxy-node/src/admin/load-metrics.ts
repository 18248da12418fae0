import type { ClusterLimits } from "@bookmesh/proxy-core";
import type { RunningCluster } from "@bookmesh/proxy-core/clusters";
import type { ClusterStats } from "@bookmesh/traffic";
import type { Family } from "./metric-family.ts";

type Figure = keyof Omit<ClusterStats, "cluster">;

/** Envoy's names, behind `envoy_cluster_`. */
const GAUGES: readonly (readonly [name: string, figure: Figure])[] = [
  ["upstream_cx_active", "connections"],
  ["upstream_rq_active", "activeRequests"],
  ["upstream_rq_pending_active", "pendingRequests"],
];
const COUNTERS: readonly (readonly [name: string, figure: Figure])[] = [
  ["upstream_cx_overflow", "connectionOverflows"],
  ["upstream_rq_pending_overflow", "pendingOverflows"],
  ["upstream_rq_retry", "retries"],
  ["upstream_rq_retry_success", "retrySuccesses"],
  ["upstream_rq_retry_overflow", "retryOverflows"],
  ["upstream_rq_retry_limit_exceeded", "retriesUsedUp"],
  ["upstream_rq_timeout", "timeouts"],
  ["upstream_rq_per_try_timeout", "tryTimeouts"],
];

/** Limits that are reached show as 1. */
const LIMITS: readonly (readonly [name: string, figure: Figure, limit: keyof ClusterLimits])[] = [
  ["circuit_breakers_default_cx_open", "connections", "maxConnections"],
  ["circuit_breakers_default_rq_pending_open", "pendingRequests", "maxPendingRequests"],
  ["circuit_breakers_default_rq_open", "activeRequests", "maxRequests"],
  ["circuit_breakers_default_rq_retry_open", "activeRetries", "maxRetries"],
];

/** What clusters do, and what their limits have refused, under Envoy's names. */
export function loadFamilies(
  loads: readonly ClusterStats[],
  running: readonly RunningCluster[],
): readonly Family[] {
  const limitsOf = new Map(running.map(({ spec }) => [spec.name, spec.limits]));
  const family = (name: string, type: Family["type"], count: (load: ClusterStats) => number): Family => ({
    name: `envoy_cluster_${name}`,
    type,
    samples: loads.map((load) => ({
      name: `envoy_cluster_${name}`,
      labels: { cluster_name: load.cluster },
      value: count(load),
    })),
  });
  return [
    ...GAUGES.map(([name, figure]) => family(name, "gauge", (load) => load[figure])),
    ...COUNTERS.map(([name, figure]) => family(name, "counter", (load) => load[figure])),
    ...LIMITS.map(([name, figure, limit]) =>
      family(name, "gauge", (load) => Number(load[figure] >= Number(limitsOf.get(load.cluster)?.[limit]))),
    ),
  ];
}
