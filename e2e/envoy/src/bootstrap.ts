import { proxyNode, type PodEnvironment } from "@bookmesh/proxy-node";
import { NodeSchema } from "@bookmesh/xds-api";
import { toJson } from "@bufbuild/protobuf";

/** The address of Envoy's administration, as a sidecar's. */
export const ADMIN = { address: "127.0.0.1", port: 15_000 } as const;

const HEALTH_PORT = 15_021;
const METRICS_PORT = 15_090;
const ANY_ADDRESS = "0.0.0.0";
const DISCOVERY_CLUSTER = "xds-grpc";
const ADMIN_CLUSTER = "admin";
/** Names of services hold dots, at which Envoy would end the name of a cluster. */
const CLUSTER_NAME = "^cluster\\.((.+?\\.svc\\.cluster\\.local|[^.]+)\\.)";
const TYPES = "type.googleapis.com/envoy.extensions";

type Json = Readonly<Record<string, unknown>>;

/** What a stock Envoy starts with to be a sidecar of the mesh: who it is, where istiod answers, and its health. */
export function sidecarBootstrap(pod: PodEnvironment, token: string): Json {
  return {
    node: toJson(NodeSchema, proxyNode(pod)),
    admin: { address: socket(ADMIN.address, ADMIN.port) },
    stats_config: { stats_tags: [{ tag_name: "cluster_name", regex: CLUSTER_NAME }] },
    dynamic_resources: {
      lds_config: { ads: {}, resource_api_version: "V3" },
      cds_config: { ads: {}, resource_api_version: "V3" },
      ads_config: {
        api_type: "GRPC",
        transport_api_version: "V3",
        set_node_on_first_message_only: true,
        grpc_services: [
          {
            envoy_grpc: { cluster_name: DISCOVERY_CLUSTER },
            initial_metadata: [{ key: "authorization", value: `Bearer ${token}` }],
          },
        ],
      },
    },
    static_resources: {
      clusters: [discoveryCluster(pod), adminCluster()],
      listeners: [
        forwardToAdmin("health", HEALTH_PORT, { "/healthz/ready": "/ready" }),
        forwardToAdmin("metrics", METRICS_PORT, { "/stats/prometheus": "/stats/prometheus" }),
      ],
    },
  };
}

function discoveryCluster({ discoveryAddress, rootCertFile }: PodEnvironment): Json {
  const [host = "", port = ""] = discoveryAddress.split(":");
  return {
    name: DISCOVERY_CLUSTER,
    type: "STRICT_DNS",
    connect_timeout: "5s",
    load_assignment: endpointOf(DISCOVERY_CLUSTER, host, Number(port)),
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${TYPES}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    transport_socket: {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        "@type": `${TYPES}.transport_sockets.tls.v3.UpstreamTlsContext`,
        sni: host,
        common_tls_context: {
          validation_context: {
            trusted_ca: { filename: rootCertFile },
            match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
          },
        },
      },
    },
  };
}

function adminCluster(): Json {
  return {
    name: ADMIN_CLUSTER,
    type: "STATIC",
    load_assignment: endpointOf(ADMIN_CLUSTER, ADMIN.address, ADMIN.port),
  };
}

/** A port that answers some paths by what the administration says, and no others. */
function forwardToAdmin(name: string, port: number, paths: Readonly<Record<string, string>>): Json {
  const manager = {
    "@type": `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    route_config: {
      virtual_hosts: [
        {
          name,
          domains: ["*"],
          routes: Object.entries(paths).map(([path, rewritten]) => ({
            match: { path },
            route: { cluster: ADMIN_CLUSTER, prefix_rewrite: rewritten },
          })),
        },
      ],
    },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": `${TYPES}.filters.http.router.v3.Router` },
      },
    ],
  };
  return {
    name,
    address: socket(ANY_ADDRESS, port),
    filter_chains: [
      { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
    ],
  };
}

function endpointOf(cluster: string, address: string, port: number): Json {
  const endpoint = { endpoint: { address: socket(address, port) } };
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: [endpoint] }] };
}

function socket(address: string, port: number): Json {
  return { socket_address: { address, port_value: port } };
}
