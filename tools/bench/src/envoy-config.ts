import { ACCESS_LOG_FORMAT } from "@bookmesh/translate/parts";
import type { BenchPorts } from "./bench-plan.ts";
import { VIRTUAL_HOSTS } from "./bench-tables.ts";

type Json = Readonly<Record<string, unknown>>;

const TYPES = "type.googleapis.com/envoy";
const NO_LIMIT = 4_294_967_295;

/** Our line tells these of TLS clients and of broken connections alone, and the benchmark has neither. */
const UNTOLD: readonly string[] = ["requested_server_name", "connection_termination_details"];

const LOG_FORMAT = Object.fromEntries(
  Object.entries(ACCESS_LOG_FORMAT).filter(([name]) => !UNTOLD.includes(name)),
);

/** Envoy with the features and tables of a sidecar, as our subject has them: once without and once with its log. */
export function envoyConfig(folder: string, ports: BenchPorts): string {
  return JSON.stringify({
    admin: { address: socket(ports.envoyAdmin) },
    static_resources: {
      listeners: [
        listener(ports.envoyPlain, []),
        listener(ports.envoyLog, [accessLog(`${folder}/envoy.log`)]),
      ],
      clusters: ["v1", "v2"].map((name) => cluster(name, ports.backend)),
    },
  });
}

function listener(port: number, accessLogs: readonly Json[]): Json {
  const manager = {
    "@type": `${TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: `bench_${port}`,
    codec_type: "HTTP1",
    use_remote_address: true,
    normalize_path: true,
    generate_request_id: true,
    server_name: "istio-envoy",
    route_config: { name: "bench", virtual_hosts: virtualHosts() },
    http_filters: [
      filter("fault", "fault.v3.HTTPFault"),
      filter("cors", "cors.v3.Cors"),
      filter("router", "router.v3.Router"),
    ],
    access_log: accessLogs,
  };
  return {
    name: `bench_${port}`,
    address: socket(port),
    filter_chains: [
      { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
    ],
  };
}

function virtualHosts(): readonly Json[] {
  const services = Array.from({ length: VIRTUAL_HOSTS }, (_, index) => ({
    name: `service-${index}`,
    domains: [`service-${index}.default.svc.cluster.local:8080`],
    routes: routes(),
  }));
  return [...services, { name: "reviews", domains: ["*"], routes: routes() }];
}

function routes(): readonly Json[] {
  const tester = { name: "end-user", string_match: { exact: "nobody" } };
  const weighted = [
    { name: "v1", weight: 75 },
    { name: "v2", weight: 25 },
  ];
  return [
    { match: { prefix: "/", headers: [tester] }, route: { ...POLICY, cluster: "v2" } },
    { match: { prefix: "/" }, route: { ...POLICY, weighted_clusters: { clusters: weighted } } },
  ];
}

const POLICY = {
  timeout: "15s",
  retry_policy: {
    retry_on: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
    num_retries: 2,
    host_selection_retry_max_attempts: 5,
    retry_host_predicate: [
      {
        name: "envoy.retry_host_predicates.previous_hosts",
        typed_config: {
          "@type": `${TYPES}.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate`,
        },
      },
    ],
  },
};

function cluster(name: string, backend: number): Json {
  const threshold = {
    max_connections: NO_LIMIT,
    max_pending_requests: NO_LIMIT,
    max_requests: NO_LIMIT,
    max_retries: NO_LIMIT,
  };
  return {
    name,
    type: "STATIC",
    connect_timeout: "10s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(backend) } }] }],
    },
    circuit_breakers: { thresholds: [threshold] },
    outlier_detection: { consecutive_5xx: 5, interval: "10s", base_ejection_time: "30s" },
  };
}

function accessLog(path: string): Json {
  return {
    name: "envoy.access_loggers.file",
    typed_config: {
      "@type": `${TYPES}.extensions.access_loggers.file.v3.FileAccessLog`,
      path,
      log_format: { json_format: LOG_FORMAT },
    },
  };
}

function filter(name: string, type: string): Json {
  return {
    name: `envoy.filters.http.${name}`,
    typed_config: { "@type": `${TYPES}.extensions.filters.http.${type}` },
  };
}

function socket(port: number): Json {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
