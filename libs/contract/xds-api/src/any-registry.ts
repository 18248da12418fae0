import { createRegistry, type Registry } from "@bufbuild/protobuf";
import { AnySchema, DurationSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import {
  BootstrapConfigDumpSchema,
  SecretsConfigDumpSchema,
} from "./generated/envoy/admin/v3/config_dump_pb.ts";
import {
  ClustersConfigDumpSchema,
  EndpointsConfigDumpSchema,
  ListenersConfigDumpSchema,
  RoutesConfigDumpSchema,
} from "./generated/envoy/admin/v3/config_dump_shared_pb.ts";
import { ClusterSchema } from "./generated/envoy/config/cluster/v3/cluster_pb.ts";
import { ClusterLoadAssignmentSchema } from "./generated/envoy/config/endpoint/v3/endpoint_pb.ts";
import { ListenerSchema } from "./generated/envoy/config/listener/v3/listener_pb.ts";
import { RouteConfigurationSchema } from "./generated/envoy/config/route/v3/route_pb.ts";
import { FileAccessLogSchema } from "./generated/envoy/extensions/access_loggers/file/v3/file_pb.ts";
import { HTTPFaultSchema } from "./generated/envoy/extensions/filters/http/fault/v3/fault_pb.ts";
import { RouterSchema } from "./generated/envoy/extensions/filters/http/router/v3/router_pb.ts";
import { HttpInspectorSchema } from "./generated/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.ts";
import { OriginalDstSchema } from "./generated/envoy/extensions/filters/listener/original_dst/v3/original_dst_pb.ts";
import { TlsInspectorSchema } from "./generated/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.ts";
import { HttpConnectionManagerSchema } from "./generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
import { TcpProxySchema } from "./generated/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.ts";
import { PreviousHostsPredicateSchema } from "./generated/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.ts";
import { SecretSchema } from "./generated/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";
import { DownstreamTlsContextSchema } from "./generated/envoy/extensions/transport_sockets/tls/v3/tls_pb.ts";
import { HttpProtocolOptionsSchema } from "./generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.ts";
import { ClientConfigSchema } from "./generated/envoy/service/status/v3/csds_pb.ts";

/**
 * Every message that the mesh puts into an `Any`, for reading and for proto-JSON (`toJson(…, { registry })`).
 * Building it resolves descriptors, so call it once and keep the answer.
 */
export function anyRegistry(): Registry {
  return createRegistry(
    AnySchema,
    DurationSchema,
    StructSchema,
    BootstrapConfigDumpSchema,
    ClientConfigSchema,
    ClusterLoadAssignmentSchema,
    ClusterSchema,
    ClustersConfigDumpSchema,
    DownstreamTlsContextSchema,
    EndpointsConfigDumpSchema,
    FileAccessLogSchema,
    HTTPFaultSchema,
    HttpConnectionManagerSchema,
    HttpInspectorSchema,
    HttpProtocolOptionsSchema,
    ListenerSchema,
    ListenersConfigDumpSchema,
    OriginalDstSchema,
    PreviousHostsPredicateSchema,
    RouteConfigurationSchema,
    RouterSchema,
    RoutesConfigDumpSchema,
    SecretSchema,
    SecretsConfigDumpSchema,
    TcpProxySchema,
    TlsInspectorSchema,
  );
}
