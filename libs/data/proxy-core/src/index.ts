// What the data path runs on
export { Host } from "./host.ts";
export { failureAnswer, PROXY_FAILURES, type FailureAnswer, type ProxyFailure } from "./proxy-failure.ts";
export { NO_FLAGS, withFlag, type ResponseFlag } from "./response-flags.ts";
export type {
  ChainSet,
  Cluster,
  ClusterLimits,
  ConnectionRules,
  DirectResponseAction,
  FaultPolicy,
  ForwardAction,
  HeadEdits,
  HeaderEdits,
  HttpChain,
  Inspection,
  KeepAliveRules,
  Listener,
  ProxySnapshot,
  RedirectAction,
  Redirection,
  RequestView,
  RetryBudget,
  RetryPolicy,
  Route,
  RouteAction,
  RouteTable,
  SocketPlace,
  VirtualHost,
} from "./proxy-snapshot.ts";

// Decisions, and why they fall as they do
export { explainRoute } from "./explain-route.ts";
export { explainDestination, indexDestinations, type Destinations } from "./destinations.ts";
export { canonicalAddress } from "./ip-address.ts";
