// Envoy's API, as far as the mesh speaks it: message types and their schemas by name, from generated code.

// Discovery (ADS)
export { AggregatedDiscoveryService } from "./generated/envoy/service/discovery/v3/ads_pb.ts";
export {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
  type Resource,
  ResourceSchema,
} from "./generated/envoy/service/discovery/v3/discovery_pb.ts";
export { type Status, StatusSchema } from "./generated/google/rpc/status_pb.ts";
export {
  type Node,
  NodeSchema,
  type Locality,
  LocalitySchema,
  type Metadata,
  MetadataSchema,
  type RuntimeFractionalPercent,
  RuntimeFractionalPercentSchema,
  type HeaderValue,
  HeaderValueSchema,
  type HeaderValueOption,
  HeaderValueOptionSchema,
  HeaderValueOption_HeaderAppendAction,
  type DataSource,
  DataSourceSchema,
  type TransportSocket,
  TransportSocketSchema,
  TrafficDirection,
  type ControlPlane,
  ControlPlaneSchema,
  RoutingPriority,
  RequestMethod,
} from "./generated/envoy/config/core/v3/base_pb.ts";

// Listeners
export {
  type AdditionalAddress,
  AdditionalAddressSchema,
  type Listener,
  ListenerSchema,
} from "./generated/envoy/config/listener/v3/listener_pb.ts";
export {
  type Filter,
  FilterSchema,
  type FilterChain,
  FilterChainSchema,
  type FilterChainMatch,
  FilterChainMatchSchema,
  type ListenerFilter,
  ListenerFilterSchema,
} from "./generated/envoy/config/listener/v3/listener_components_pb.ts";
export {
  type HttpConnectionManager,
  HttpConnectionManagerSchema,
  HttpConnectionManager_CodecType,
  HttpConnectionManager_ForwardClientCertDetails,
  HttpConnectionManager_PathWithEscapedSlashesAction,
  HttpConnectionManager_ServerHeaderTransformation,
  type HttpConnectionManager_UpgradeConfig,
  HttpConnectionManager_UpgradeConfigSchema,
  type HttpFilter,
  HttpFilterSchema,
  type Rds,
  RdsSchema,
} from "./generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.ts";
export {
  type TcpProxy,
  TcpProxySchema,
} from "./generated/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.ts";
export { type Router, RouterSchema } from "./generated/envoy/extensions/filters/http/router/v3/router_pb.ts";
export {
  type HTTPFault,
  HTTPFaultSchema,
  type FaultAbort,
  FaultAbortSchema,
} from "./generated/envoy/extensions/filters/http/fault/v3/fault_pb.ts";
export {
  type FaultDelay,
  FaultDelaySchema,
} from "./generated/envoy/extensions/filters/common/fault/v3/fault_pb.ts";
export {
  type HttpInspector,
  HttpInspectorSchema,
} from "./generated/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.ts";
export {
  type TlsInspector,
  TlsInspectorSchema,
} from "./generated/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.ts";
export {
  type OriginalDst,
  OriginalDstSchema,
} from "./generated/envoy/extensions/filters/listener/original_dst/v3/original_dst_pb.ts";
export { type AccessLog, AccessLogSchema } from "./generated/envoy/config/accesslog/v3/accesslog_pb.ts";
export {
  type FileAccessLog,
  FileAccessLogSchema,
} from "./generated/envoy/extensions/access_loggers/file/v3/file_pb.ts";

// Encryption
export {
  type CommonTlsContext,
  CommonTlsContextSchema,
  type DownstreamTlsContext,
  DownstreamTlsContextSchema,
} from "./generated/envoy/extensions/transport_sockets/tls/v3/tls_pb.ts";
export {
  type TlsCertificate,
  TlsCertificateSchema,
  type TlsParameters,
  TlsParametersSchema,
  TlsParameters_TlsProtocol,
} from "./generated/envoy/extensions/transport_sockets/tls/v3/common_pb.ts";
export {
  type Secret,
  SecretSchema,
  type SdsSecretConfig,
  SdsSecretConfigSchema,
} from "./generated/envoy/extensions/transport_sockets/tls/v3/secret_pb.ts";

// Routes
export {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "./generated/envoy/config/route/v3/route_pb.ts";
export {
  type CorsPolicy,
  CorsPolicySchema,
  type DirectResponseAction,
  DirectResponseActionSchema,
  type FilterConfig,
  FilterConfigSchema,
  type HeaderMatcher,
  HeaderMatcherSchema,
  type HedgePolicy,
  HedgePolicySchema,
  type QueryParameterMatcher,
  QueryParameterMatcherSchema,
  type RedirectAction,
  RedirectActionSchema,
  RedirectAction_RedirectResponseCode,
  type RetryPolicy,
  RetryPolicySchema,
  type RetryPolicy_RetryBackOff,
  RetryPolicy_RetryBackOffSchema,
  type RetryPolicy_RetryHostPredicate,
  RetryPolicy_RetryHostPredicateSchema,
  type Route,
  RouteSchema,
  type RouteAction,
  RouteActionSchema,
  RouteAction_ClusterNotFoundResponseCode,
  type RouteAction_HashPolicy,
  RouteAction_HashPolicySchema,
  type RouteAction_HashPolicy_Cookie,
  RouteAction_HashPolicy_CookieSchema,
  type RouteAction_HashPolicy_Header,
  RouteAction_HashPolicy_HeaderSchema,
  type RouteAction_MaxStreamDuration,
  RouteAction_MaxStreamDurationSchema,
  type RouteAction_RequestMirrorPolicy,
  RouteAction_RequestMirrorPolicySchema,
  type RouteAction_UpgradeConfig,
  RouteAction_UpgradeConfigSchema,
  type RouteAction_UpgradeConfig_ConnectConfig,
  RouteAction_UpgradeConfig_ConnectConfigSchema,
  type RouteMatch,
  RouteMatchSchema,
  type RouteMatch_ConnectMatcher,
  RouteMatch_ConnectMatcherSchema,
  type VirtualHost,
  VirtualHostSchema,
  VirtualHost_TlsRequirementType,
  type WeightedCluster,
  WeightedClusterSchema,
  type WeightedCluster_ClusterWeight,
  WeightedCluster_ClusterWeightSchema,
} from "./generated/envoy/config/route/v3/route_components_pb.ts";
export {
  type PreviousHostsPredicate,
  PreviousHostsPredicateSchema,
} from "./generated/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.ts";

// Clusters
export {
  type Cluster,
  ClusterSchema,
  type Cluster_CommonLbConfig,
  Cluster_CommonLbConfigSchema,
  Cluster_DiscoveryType,
  type Cluster_EdsClusterConfig,
  Cluster_EdsClusterConfigSchema,
  Cluster_LbPolicy,
  type Cluster_LeastRequestLbConfig,
  Cluster_LeastRequestLbConfigSchema,
  type Cluster_RoundRobinLbConfig,
  Cluster_RoundRobinLbConfigSchema,
  type UpstreamConnectionOptions,
  UpstreamConnectionOptionsSchema,
} from "./generated/envoy/config/cluster/v3/cluster_pb.ts";
export {
  type CircuitBreakers,
  CircuitBreakersSchema,
  type CircuitBreakers_Thresholds,
  CircuitBreakers_ThresholdsSchema,
  type CircuitBreakers_Thresholds_RetryBudget,
  CircuitBreakers_Thresholds_RetryBudgetSchema,
} from "./generated/envoy/config/cluster/v3/circuit_breaker_pb.ts";
export {
  type OutlierDetection,
  OutlierDetectionSchema,
} from "./generated/envoy/config/cluster/v3/outlier_detection_pb.ts";
export {
  type HttpProtocolOptions,
  HttpProtocolOptionsSchema,
  type HttpProtocolOptions_ExplicitHttpConfig,
  HttpProtocolOptions_ExplicitHttpConfigSchema,
  type HttpProtocolOptions_UseDownstreamHttpConfig,
  HttpProtocolOptions_UseDownstreamHttpConfigSchema,
} from "./generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.ts";

// Endpoints
export {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
  type ClusterLoadAssignment_Policy,
  ClusterLoadAssignment_PolicySchema,
} from "./generated/envoy/config/endpoint/v3/endpoint_pb.ts";
export {
  type Endpoint,
  EndpointSchema,
  type LbEndpoint,
  LbEndpointSchema,
  type LocalityLbEndpoints,
  LocalityLbEndpointsSchema,
} from "./generated/envoy/config/endpoint/v3/endpoint_components_pb.ts";

// Building blocks
export {
  type Address,
  AddressSchema,
  type BindConfig,
  BindConfigSchema,
  type ExtraSourceAddress,
  ExtraSourceAddressSchema,
  type SocketAddress,
  SocketAddressSchema,
  SocketAddress_Protocol,
  type CidrRange,
  CidrRangeSchema,
  type TcpKeepalive,
  TcpKeepaliveSchema,
} from "./generated/envoy/config/core/v3/address_pb.ts";
export {
  type AggregatedConfigSource,
  AggregatedConfigSourceSchema,
  ApiVersion,
  type ConfigSource,
  ConfigSourceSchema,
} from "./generated/envoy/config/core/v3/config_source_pb.ts";
export {
  type TypedExtensionConfig,
  TypedExtensionConfigSchema,
} from "./generated/envoy/config/core/v3/extension_pb.ts";
export { HealthStatus } from "./generated/envoy/config/core/v3/health_check_pb.ts";
export {
  type Http1ProtocolOptions,
  Http1ProtocolOptionsSchema,
  type Http2ProtocolOptions,
  Http2ProtocolOptionsSchema,
  type HttpProtocolOptions as CommonHttpProtocolOptions,
  HttpProtocolOptionsSchema as CommonHttpProtocolOptionsSchema,
  type UpstreamHttpProtocolOptions,
  UpstreamHttpProtocolOptionsSchema,
} from "./generated/envoy/config/core/v3/protocol_pb.ts";
export {
  type FractionalPercent,
  FractionalPercentSchema,
  FractionalPercent_DenominatorType,
  type Percent,
  PercentSchema,
} from "./generated/envoy/type/v3/percent_pb.ts";
export { type Int64Range, Int64RangeSchema } from "./generated/envoy/type/v3/range_pb.ts";
export {
  type RegexMatchAndSubstitute,
  RegexMatchAndSubstituteSchema,
  type RegexMatcher,
  RegexMatcherSchema,
} from "./generated/envoy/type/matcher/v3/regex_pb.ts";
export { type StringMatcher, StringMatcherSchema } from "./generated/envoy/type/matcher/v3/string_pb.ts";

// Names
export { SECRET_TYPE_URL, TYPE_URLS, typeUrlOf } from "./type-urls.ts";
