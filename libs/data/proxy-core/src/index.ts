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

// Outlier detection: the circuit breaker of each host
export { OutlierDetector, type OutlierCounts } from "./outlier/outlier-detector.ts";
export {
  OUTLIER_KINDS,
  type OutlierKind,
  type OutlierPolicy,
  type OutlierThreshold,
} from "./outlier/outlier-policy.ts";

export {
  indexServerNames,
  type CertificateFacts,
  type InspectKeyPair,
  type KeyPair,
  type KeyPairProblem,
  type SecureChain,
  type ServerNames,
  type TlsSettings,
  type TlsTermination,
  type TlsVersion,
} from "./tls-termination.ts";

// Clusters as they run
export type { BalancingPolicy, ClusterSpec, EndpointSpec, HostSource } from "./cluster-spec.ts";
export { retireHosts, runCluster, type RunningCluster } from "./cluster-hosts.ts";

// Decisions, and why they fall as they do
export { decideRetry, type AttemptEnd, type RetryDecision } from "./retry/decide-retry.ts";
export { mayRetry } from "./retry/retry-room.ts";
export { explainRoute } from "./explain-route.ts";
export { explainDestination, indexDestinations, type Destinations } from "./destinations.ts";
export { canonicalAddress } from "./ip-address.ts";
