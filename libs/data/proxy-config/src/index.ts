// xDS resources, read strictly
export { decodeCluster } from "./cluster.ts";
export { decodeAssignment, type AssignmentSpec } from "./endpoint.ts";
export { decodeListener, routeNamesOf, secretNamesOf, type ListenerSpec } from "./listener.ts";
export { decodeRouteConfiguration, type RouteConfigSpec } from "./route.ts";
export { decodeSecret, type SecretSpec } from "./secret.ts";

// From accepted resources to a snapshot
export {
  compileSnapshot,
  EMPTY_SNAPSHOT,
  type AcceptedResources,
  type CompiledSnapshot,
} from "./compile-snapshot.ts";
