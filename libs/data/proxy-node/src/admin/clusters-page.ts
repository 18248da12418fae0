import type { CompiledSnapshot } from "@bookmesh/proxy-config";
import type { Host } from "@bookmesh/proxy-core";
import type { RunningCluster } from "@bookmesh/proxy-core/clusters";
import { create, toJson, type JsonValue } from "@bufbuild/protobuf";
import { HealthStatus } from "@bookmesh/xds-api";
import { ClustersSchema, SimpleMetric_Type as MetricType, type Clusters } from "@bookmesh/xds-api/admin";

/** The clusters with their hosts, as `envoy.admin.v3.Clusters`. */
export function clustersJson({ running }: CompiledSnapshot): JsonValue {
  return toJson(ClustersSchema, clustersMessage([...running.values()]), { useProtoFieldName: true });
}

/** The same for people and grep: `cluster::address:port::name::value`. */
export function clustersText({ running }: CompiledSnapshot): string {
  const lines = [...running.values()].flatMap((cluster) => {
    const { name, limits } = cluster.cluster;
    const hosts = [...cluster.hosts].flatMap(([key, host]) =>
      [
        ...countersOf(host),
        ...ejectionsOf(cluster, host),
        { name: "weight", value: host.weight },
        { name: "health_flags", value: healthFlags(cluster, host) },
      ].map((row) => `${name}::${key}::${row.name}::${row.value}`),
    );
    return [
      `${name}::default_priority::max_connections::${limits.maxConnections}`,
      `${name}::default_priority::max_requests::${limits.maxRequests}`,
      `${name}::added_via_api::true`,
      ...hosts,
    ];
  });
  return lines.map((line) => `${line}\n`).join("");
}

function clustersMessage(running: readonly RunningCluster[]): Clusters {
  return create(ClustersSchema, {
    clusterStatuses: running.map((cluster) => ({
      name: cluster.spec.name,
      observabilityName: cluster.spec.name,
      addedViaApi: true,
      ...(cluster.spec.source.kind === "discovered" && { edsServiceName: cluster.spec.source.serviceName }),
      hostStatuses: [...cluster.hosts.values()].map((host) => hostStatus(cluster, host)),
    })),
  });
}

function hostStatus(cluster: RunningCluster, host: Host) {
  return {
    address: {
      address: {
        case: "socketAddress",
        value: { address: host.address, portSpecifier: { case: "portValue", value: host.port } },
      },
    },
    weight: host.weight,
    stats: [...countersOf(host), ...ejectionsOf(cluster, host)].map(({ name, value, type }) => ({
      name,
      value: BigInt(value),
      type,
    })),
    healthStatus: {
      failedOutlierCheck: host.outlier.isEjected,
      edsHealthStatus: isHealthy(cluster, host) ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY,
    },
  } as const;
}

function countersOf(host: Host) {
  return [
    { name: "rq_active", value: host.activeRequests, type: MetricType.GAUGE },
    { name: "rq_error", value: host.failedRequests, type: MetricType.COUNTER },
    {
      name: "rq_success",
      value: Math.max(0, host.totalRequests - host.failedRequests),
      type: MetricType.COUNTER,
    },
    { name: "rq_total", value: host.totalRequests, type: MetricType.COUNTER },
  ];
}

/** What Envoy's page does not tell of a host: how often it was ejected, and for how long it still is. */
function ejectionsOf({ outliers }: RunningCluster, host: Host) {
  if (!outliers.policy) return [];
  const remainingMs = Math.ceil(outliers.remainingMs(host, performance.now()));
  return [
    { name: "ejections_total", value: host.outlier.ejections, type: MetricType.COUNTER },
    { name: "ejection_remaining_ms", value: remainingMs, type: MetricType.GAUGE },
  ];
}

function healthFlags(cluster: RunningCluster, host: Host): string {
  const flags = [
    ...(isHealthy(cluster, host) ? [] : ["/failed_eds_health"]),
    ...(host.outlier.isEjected ? ["/failed_outlier_check"] : []),
  ];
  return flags.join("") || "healthy";
}

function isHealthy({ endpoints }: RunningCluster, host: Host): boolean {
  return endpoints.some(
    ({ address, port, isHealthy: healthy }) => healthy && address === host.address && port === host.port,
  );
}
