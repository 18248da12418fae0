import type { RunningCluster } from "@bookmesh/proxy-core/clusters";
import { OUTLIER_KINDS, type OutlierKind } from "@bookmesh/proxy-core/outlier";
import type { Family, Sample } from "./metric-family.ts";

/** Envoy's names of what hosts are ejected for. */
const KIND_NAMES: Readonly<Record<OutlierKind, string>> = {
  serverErrors: "consecutive_5xx",
  gatewayErrors: "consecutive_gateway_failure",
  localFailures: "consecutive_local_origin_failure",
};

const STATE_VALUES = { closed: 0, "half-open": 1, open: 2 } as const;

/** What outlier detection has found and done, under Envoy's names, and the state of each host's breaker. */
export function outlierFamilies(running: readonly RunningCluster[]): readonly Family[] {
  const clusters = running.filter(({ outliers }) => outliers.policy !== undefined);
  const family = (name: string, count: (cluster: RunningCluster) => number): Family => ({
    name: `envoy_cluster_outlier_detection_${name}`,
    type: name === "ejections_active" ? "gauge" : "counter",
    samples: clusters.map((cluster) => ({
      name: `envoy_cluster_outlier_detection_${name}`,
      labels: { cluster_name: cluster.spec.name },
      value: count(cluster),
    })),
  });
  return [
    family("ejections_active", ({ outliers }) => outliers.ejected),
    family("ejections_enforced_total", ({ outliers }) => sum(Object.values(outliers.counts.enforced))),
    family("ejections_overflow", ({ outliers }) => outliers.counts.overflows),
    ...OUTLIER_KINDS.flatMap((kind) => [
      family(`ejections_detected_${KIND_NAMES[kind]}`, ({ outliers }) => outliers.counts.detected[kind]),
      family(`ejections_enforced_${KIND_NAMES[kind]}`, ({ outliers }) => outliers.counts.enforced[kind]),
    ]),
    { name: "bookmesh_host_breaker_state", type: "gauge", samples: clusters.flatMap(breakerSamples) },
  ];
}

/** 0: closed, 1: half-open, 2: open. */
function breakerSamples({ spec, hosts }: RunningCluster): readonly Sample[] {
  return [...hosts].map(([address, { outlier }]) => ({
    name: "bookmesh_host_breaker_state",
    labels: { cluster_name: spec.name, upstream_host: address },
    value: STATE_VALUES[outlier.state],
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
