// Rules of traffic
export type { VirtualService, VirtualServiceSpec } from "./schema/virtual-service.ts";
export type {
  Destination,
  FaultRules,
  HeaderRules,
  HttpRoute,
  HttpRouteDestination,
  RetryRules,
  StringMatch,
} from "./schema/http-route.ts";
export type { HttpMatchRequest } from "./schema/http-match.ts";
export type { Gateway, GatewayServer } from "./schema/gateway.ts";
export type { DestinationRule, DestinationRuleSpec, Subset } from "./schema/destination-rule.ts";
export type {
  ConnectionPool,
  LoadBalancerSettings,
  OutlierDetection,
  TrafficPolicy,
} from "./schema/traffic-policy.ts";

// Rules of security
export type { RequestAuthentication, RequestAuthenticationSpec } from "./schema/request-authentication.ts";
export type { AuthorizationPolicy, AuthorizationPolicySpec } from "./schema/authorization-policy.ts";

// Settings of the mesh
export { DEFAULT_MESH_CONFIG, meshConfigSchema, type MeshConfig } from "./schema/mesh-config.ts";

// For whoever installs or serves the kinds
export {
  customResourceDefinitions,
  type CustomResourceDefinition,
  type CustomResourceVersion,
} from "./crd/custom-resource-definitions.ts";
export type { StructuralSchema } from "./crd/structural-schema.ts";
export { MESH_KINDS, type MeshKind, type PrinterColumn } from "./mesh-kinds.ts";

// For whoever reads them
export { parseDurationMs } from "./duration.ts";

// For whoever judges them
export { schemaIssues } from "./validation/schema-issues.ts";
export { validateMeshResource } from "./validation/validate-mesh-resource.ts";
export type { MeshReview } from "./validation/mesh-review.ts";
