export type { BalancingPolicy, ClusterSpec, EndpointSpec, HostSource } from "./cluster-spec.ts";
export { retireHosts, runCluster, type RunningCluster } from "./cluster-hosts.ts";
