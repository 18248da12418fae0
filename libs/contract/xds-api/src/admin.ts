// What only status and administration pages need: apart, so that a sidecar loads it when somebody asks.

// Status and administration
export {
  type ClientConfig,
  ClientConfigSchema,
  type ClientConfig_GenericXdsConfig,
  ClientConfig_GenericXdsConfigSchema,
  ConfigStatus,
} from "./generated/envoy/service/status/v3/csds_pb.ts";
export {
  type Clusters,
  ClustersSchema,
  type ClusterStatus,
  ClusterStatusSchema,
  type HostHealthStatus,
  HostHealthStatusSchema,
  type HostStatus,
  HostStatusSchema,
} from "./generated/envoy/admin/v3/clusters_pb.ts";
export {
  type SimpleMetric,
  SimpleMetricSchema,
  SimpleMetric_Type,
} from "./generated/envoy/admin/v3/metrics_pb.ts";
export {
  type BootstrapConfigDump,
  BootstrapConfigDumpSchema,
  type ConfigDump,
  ConfigDumpSchema,
  type SecretsConfigDump,
  SecretsConfigDumpSchema,
} from "./generated/envoy/admin/v3/config_dump_pb.ts";
export {
  ClientResourceStatus,
  type ClustersConfigDump,
  ClustersConfigDumpSchema,
  type ClustersConfigDump_DynamicCluster,
  ClustersConfigDump_DynamicClusterSchema,
  type EndpointsConfigDump,
  EndpointsConfigDumpSchema,
  type EndpointsConfigDump_DynamicEndpointConfig,
  EndpointsConfigDump_DynamicEndpointConfigSchema,
  type ListenersConfigDump,
  ListenersConfigDumpSchema,
  type ListenersConfigDump_DynamicListener,
  ListenersConfigDump_DynamicListenerSchema,
  type ListenersConfigDump_DynamicListenerState,
  ListenersConfigDump_DynamicListenerStateSchema,
  type RoutesConfigDump,
  RoutesConfigDumpSchema,
  type RoutesConfigDump_DynamicRouteConfig,
  RoutesConfigDump_DynamicRouteConfigSchema,
  type UpdateFailureState,
  UpdateFailureStateSchema,
} from "./generated/envoy/admin/v3/config_dump_shared_pb.ts";
export { type Bootstrap, BootstrapSchema } from "./generated/envoy/config/bootstrap/v3/bootstrap_pb.ts";

export { anyRegistry } from "./any-registry.ts";
