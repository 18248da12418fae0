// What the data path runs on
export { Host } from "./host.ts";
export { PROXY_FAILURES, type ProxyFailure } from "./proxy-failure.ts";
export type {
  ChainSet,
  Cluster,
  FaultPolicy,
  ForwardAction,
  HeaderEdits,
  HttpChain,
  Inspection,
  Listener,
  ProxySnapshot,
  RequestView,
  RetryPolicy,
  Route,
  RouteAction,
  RouteTable,
  VirtualHost,
} from "./proxy-snapshot.ts";
export { decideRetry, type AttemptEnd } from "./retry/decide-retry.ts";
export { explainRoute } from "./explain-route.ts";
export { explainDestination, indexDestinations, type Destinations } from "./destinations.ts";
export { canonicalAddress } from "./ip-address.ts";
export type { SocketPlace } from "./decode/values.ts";

// From accepted resources to a snapshot
export { decodeCluster } from "./cluster.ts";
export { decodeAssignment } from "./endpoint.ts";
export { decodeListener } from "./listener.ts";
export { decodeRouteConfiguration } from "./route.ts";
export {
  compileSnapshot,
  EMPTY_SNAPSHOT,
  type AcceptedResources,
  type CompiledSnapshot,
} from "./compile-snapshot.ts";
export type { RunningCluster } from "./cluster-hosts.ts";
