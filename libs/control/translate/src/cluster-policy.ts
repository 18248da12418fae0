import type { ConnectionPool, MeshConfig, OutlierDetection, TrafficPolicy } from "@bookmesh/mesh-api";

/** What rules say about a cluster. */
export interface ClusterPolicy {
  readonly balancing: MeshConfig["defaultLoadBalancer"];
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
}

/**
 * The policy of one port: the rule's, field by field replaced by a subset's. Each field is taken whole, as in Istio: a
 * `connectionPool` of the subset hides all of the rule's. Settings for the port hide all four of what they stand in.
 *
 * Source: Istio, "Destination Rule", and istiod's `MergeSubsetTrafficPolicy`.
 */
export function clusterPolicy(
  policies: readonly (TrafficPolicy | undefined)[],
  port: number,
  balancing: ClusterPolicy["balancing"],
): ClusterPolicy {
  const merged = policies.map((policy) => policyOfPort(policy, port)).reduce(mergePolicies, {});
  const { loadBalancer, connectionPool, outlierDetection } = merged;
  return {
    balancing: balancingOf(loadBalancer?.simple, balancing),
    ...(connectionPool !== undefined && { connectionPool }),
    ...(outlierDetection !== undefined && { outlierDetection }),
  };
}

type PortPolicy = Pick<TrafficPolicy, "loadBalancer" | "connectionPool" | "outlierDetection">;

function policyOfPort(policy: TrafficPolicy = {}, port: number): PortPolicy {
  const forPort = policy.portLevelSettings?.find((settings) => settings.port?.number === port);
  if (forPort === undefined) return policy;
  const { loadBalancer, connectionPool, outlierDetection } = forPort;
  return { loadBalancer, connectionPool, outlierDetection };
}

function mergePolicies(merged: PortPolicy, own: PortPolicy): PortPolicy {
  return { ...merged, ...own };
}

function balancingOf(
  simple: NonNullable<TrafficPolicy["loadBalancer"]>["simple"],
  fallback: ClusterPolicy["balancing"],
): ClusterPolicy["balancing"] {
  switch (simple) {
    case "ROUND_ROBIN":
    case "RANDOM":
    case "LEAST_REQUEST":
      return simple;
    case "LEAST_CONN":
      return "LEAST_REQUEST";
    case "UNSPECIFIED":
    case "PASSTHROUGH":
    case undefined:
      return fallback;
  }
}
