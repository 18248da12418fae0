export { Host } from "./host.ts";
export { PROXY_FAILURES, type ProxyFailure } from "./proxy-failure.ts";
export type {
  Cluster,
  ClusterLimits,
  DirectResponseAction,
  FaultPolicy,
  ForwardAction,
  HeaderEdits,
  HeadEdits,
  HttpChain,
  Listener,
  ProxySnapshot,
  RedirectAction,
  RequestView,
  RetryPolicy,
  Route,
  RouteAction,
  RouteTable,
  TcpChain,
  VirtualHost,
} from "./proxy-snapshot.ts";
