import { DURATION_BUCKETS_MS, type RouteStats } from "@bookmesh/traffic";
import type { AdminView } from "./admin-view.ts";
import { secretsOf } from "./certs-page.ts";
import { loadFamilies } from "./load-metrics.ts";
import type { Family, Sample } from "./metric-family.ts";
import { outlierFamilies } from "./outlier-metrics.ts";
import { tlsFamilies } from "./tls-metrics.ts";

/** All metrics in Prometheus' text format: Envoy's names for the proxy, Istio's for requests. */
export function prometheusText(view: AdminView): string {
  return families(view).map(familyText).join("");
}

/** The same values, a line each: `name{labels}: value`. */
export function statsText(view: AdminView): string {
  const samples = families(view).flatMap((family) => family.samples);
  return samples.map(({ name, labels, value }) => `${name}${labelText(labels)}: ${value}\n`).join("");
}

function families(view: AdminView): readonly Family[] {
  const routes = [...view.stats.routes()];
  return [
    ...serverFamilies(view),
    ...tlsFamilies(view.stats, secretsOf(view.store.state)),
    ...clusterFamilies(view, routes),
    ...requestFamilies(routes),
  ];
}

function serverFamilies({ stats, store, ads, clock, startedMs, state }: AdminView): readonly Family[] {
  return [
    plain("envoy_server_live", "gauge", state() === "LIVE" ? 1 : 0),
    plain("envoy_server_uptime", "gauge", Math.floor((clock.now() - startedMs) / 1_000)),
    plain("envoy_control_plane_connected_state", "gauge", ads.isConnected ? 1 : 0),
    plain("envoy_listener_manager_total_listeners_active", "gauge", store.config.current().listeners.length),
    plain("envoy_cluster_manager_active_clusters", "gauge", store.config.current().clusters.size),
    plain("envoy_http_downstream_cx_active", "gauge", stats.downstreamConnections),
    plain("envoy_http_downstream_cx_total", "counter", stats.downstreamConnectionsTotal),
    plain("envoy_http_downstream_rq_active", "gauge", stats.activeRequests),
    plain("envoy_cluster_manager_upstream_cx_active", "gauge", stats.upstreamConnections),
    plain("envoy_cluster_manager_upstream_cx_total", "counter", stats.upstreamConnectionsTotal),
    plain("envoy_cluster_manager_upstream_cx_connect_fail", "counter", stats.upstreamConnectFailures),
    plain("process_resident_memory_bytes", "gauge", process.memoryUsage.rss()),
  ];
}

function plain(name: string, type: Family["type"], value: number): Family {
  return { name, type, samples: [{ name, labels: {}, value }] };
}

function clusterFamilies({ store, stats }: AdminView, routes: readonly RouteStats[]): readonly Family[] {
  const clusters = [...store.compiled.running.values()];
  const perCluster = (name: string, count: (cluster: (typeof clusters)[number]) => number): Family => ({
    name,
    type: "gauge",
    samples: clusters.map((cluster) => ({
      name,
      labels: { cluster_name: cluster.spec.name },
      value: count(cluster),
    })),
  });
  const responses = routes.flatMap(({ cluster, byCode }) =>
    [...byCode].map(([code, value]) => ({
      name: "envoy_cluster_upstream_rq",
      labels: { cluster_name: cluster, response_code: String(code) },
      value,
    })),
  );
  return [
    perCluster("envoy_cluster_membership_total", ({ hosts }) => hosts.size),
    perCluster(
      "envoy_cluster_membership_healthy",
      ({ endpoints }) => endpoints.filter(({ isHealthy }) => isHealthy).length,
    ),
    ...outlierFamilies(clusters),
    { name: "envoy_cluster_upstream_rq", type: "counter", samples: responses },
    ...loadFamilies([...stats.clusters()], clusters),
  ];
}

function requestFamilies(routes: readonly RouteStats[]): readonly Family[] {
  const requests = routes.flatMap((route) =>
    [...route.byCode].map(([code, value]) => ({
      name: "istio_requests_total",
      labels: { ...requestLabels(route), response_code: String(code) },
      value,
    })),
  );
  return [
    { name: "istio_requests_total", type: "counter", samples: requests },
    {
      name: "istio_request_duration_milliseconds",
      type: "histogram",
      samples: routes.flatMap(durationSamples),
    },
  ];
}

function durationSamples(route: RouteStats): readonly Sample[] {
  const name = "istio_request_duration_milliseconds";
  const labels = requestLabels(route);
  let count = 0;
  const buckets = Array.from(route.durations, (inBucket, index) => {
    count += inBucket;
    const bound = DURATION_BUCKETS_MS[index];
    const le = bound === undefined ? "+Inf" : String(bound);
    return { name: `${name}_bucket`, labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { name: `${name}_sum`, labels, value: route.durationSumMs },
    { name: `${name}_count`, labels, value: count },
  ];
}

/** What a cluster's name tells: `outbound|8080|v1|rating.default.svc.cluster.local`. */
function requestLabels({ direction, cluster }: RouteStats): Readonly<Record<string, string>> {
  const [, port = "", subset = "", host = ""] = cluster.split("|");
  const [service = "unknown", namespace = "unknown"] = host === "" ? [] : host.split(".");
  return {
    reporter: direction === "inbound" ? "destination" : "source",
    destination_service: host || "unknown",
    destination_service_name: host === "" ? cluster : service,
    destination_service_namespace: namespace,
    destination_port: port || "unknown",
    destination_version: subset || "unknown",
    request_protocol: "http",
  };
}

function familyText({ name, type, samples }: Family): string {
  if (samples.length === 0) return "";
  const lines = samples.map((sample) => `${sample.name}${labelText(sample.labels)} ${sample.value}\n`);
  return `# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
