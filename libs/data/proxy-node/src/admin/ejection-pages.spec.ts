import { runCluster, type ClusterSpec, type RunningCluster } from "@bookmesh/proxy-core/clusters";
import type { OutlierPolicy } from "@bookmesh/proxy-core/outlier";
import type { CompiledSnapshot } from "@bookmesh/proxy-config";
import { describe, expect, it } from "vitest";
import { clustersJson, clustersText } from "./clusters-page.ts";
import { loadFamilies } from "./load-metrics.ts";
import { outlierFamilies } from "./outlier-metrics.ts";

const ALWAYS = { inARow: 1, enforcedPercent: 100 };
const POLICY: OutlierPolicy = {
  thresholds: { serverErrors: ALWAYS, gatewayErrors: ALWAYS, localFailures: ALWAYS },
  countsLocalFailuresApart: false,
  intervalMs: 1_000,
  baseEjectionMs: 3_600_000,
  maxEjectionMs: 3_600_000,
  maxJitterMs: 0,
  maxEjectionPercent: 100,
  alwaysEjectsOne: false,
};
const ENDPOINTS = ["10.0.0.1", "10.0.0.2"].map((address) => ({
  address,
  port: 8080,
  weight: 1,
  isHealthy: true,
}));
const SPEC: ClusterSpec = {
  name: "rating",
  source: { kind: "fixed", endpoints: ENDPOINTS },
  policy: "roundRobin",
  connectTimeoutMs: 1_000,
  panicFraction: 0,
  limits: {
    maxConnections: 3,
    maxPendingRequests: 3,
    maxRequests: Infinity,
    maxRetries: Infinity,
    maxRequestsPerConnection: Infinity,
  },
  connections: { idleTimeoutMs: Infinity, maxDurationMs: Infinity },
  outliers: POLICY,
};

/** A cluster whose first host has just been ejected. */
function withEjection(): RunningCluster {
  const running = runCluster({ spec: SPEC, endpoints: ENDPOINTS }, undefined, () => 0.5);
  const [host] = running.hosts.values();
  if (host) running.outliers.onServerError(host, 503, performance.now());
  return running;
}

const compiledOf = (running: RunningCluster): CompiledSnapshot => ({
  snapshot: { listeners: [], clusters: new Map() },
  running: new Map([[running.spec.name, running]]),
});

describe("an ejected host", () => {
  it("is marked in /clusters", () => {
    const text = clustersText(compiledOf(withEjection()));
    expect(text).toContain("rating::10.0.0.1:8080::health_flags::/failed_outlier_check\n");
    expect(text).toContain("rating::10.0.0.1:8080::ejections_total::1\n");
    expect(text).toContain("rating::10.0.0.2:8080::health_flags::healthy\n");
    expect(text).toContain("rating::10.0.0.2:8080::ejection_remaining_ms::0\n");
  });

  it("is marked in /clusters?format=json, where the command line reads it", () => {
    const json = JSON.stringify(clustersJson(compiledOf(withEjection())));
    expect(json.match(/"failed_outlier_check":true/g)).toHaveLength(1);
  });

  it("shows in the metrics, with its breaker", () => {
    const samples = outlierFamilies([withEjection()]).flatMap((family) => family.samples);
    const values = Object.fromEntries(
      samples.map(({ name, labels, value }) => [`${name} ${labels["upstream_host"] ?? ""}`.trim(), value]),
    );
    expect(values).toMatchObject({
      envoy_cluster_outlier_detection_ejections_active: 1,
      envoy_cluster_outlier_detection_ejections_enforced_total: 1,
      envoy_cluster_outlier_detection_ejections_overflow: 0,
      envoy_cluster_outlier_detection_ejections_detected_consecutive_gateway_failure: 1,
      envoy_cluster_outlier_detection_ejections_enforced_consecutive_gateway_failure: 1,
      "bookmesh_host_breaker_state 10.0.0.1:8080": 2,
      "bookmesh_host_breaker_state 10.0.0.2:8080": 0,
    });
  });
});

describe("a cluster's load", () => {
  it("shows which of its limits is reached", () => {
    const load = {
      cluster: "rating",
      connections: 3,
      pendingRequests: 2,
      activeRequests: 5,
      activeRetries: 0,
      connectionOverflows: 4,
      pendingOverflows: 1,
      retries: 0,
      retrySuccesses: 0,
      retryOverflows: 0,
      retriesUsedUp: 0,
      timeouts: 0,
      tryTimeouts: 0,
    };
    const families = loadFamilies([load], [withEjection()]);
    const values = Object.fromEntries(families.map(({ name, samples: [sample] }) => [name, sample?.value]));
    expect(values).toMatchObject({
      envoy_cluster_upstream_cx_active: 3,
      envoy_cluster_upstream_cx_overflow: 4,
      envoy_cluster_upstream_rq_pending_overflow: 1,
      envoy_cluster_circuit_breakers_default_cx_open: 1,
      envoy_cluster_circuit_breakers_default_rq_pending_open: 0,
      envoy_cluster_circuit_breakers_default_rq_open: 0,
    });
  });
});
