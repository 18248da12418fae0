import type { MeshConfig, OutlierDetection, TrafficPolicy } from "@bookmesh/mesh-api";
import { durationMs } from "./duration.ts";

/** What rules say about a cluster. */
export interface ClusterPolicy {
  readonly balancing: MeshConfig["defaultLoadBalancer"];
  readonly connectTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRetries?: number;
  readonly maxRequestsPerConnection?: number;
  readonly outlierDetection?: OutlierDetection;
  /** The DestinationRule that said so. */
  readonly rule?: string;
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
  { rule, balancing }: { readonly rule: string | undefined; readonly balancing: ClusterPolicy["balancing"] },
): ClusterPolicy {
  const merged = policies.map((policy) => policyOfPort(policy, port)).reduce(mergePolicies, {});
  const { loadBalancer, connectionPool, outlierDetection } = merged;
  return {
    balancing: balancingOf(loadBalancer?.simple, balancing),
    ...limitsOf(connectionPool),
    ...(outlierDetection !== undefined && { outlierDetection }),
    ...(rule !== undefined && { rule }),
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

function limitsOf(pool: TrafficPolicy["connectionPool"]): Partial<ClusterPolicy> {
  const { tcp = {}, http = {} } = pool ?? {};
  return {
    ...(tcp.connectTimeout !== undefined && { connectTimeoutMs: durationMs(tcp.connectTimeout) }),
    ...limit("maxConnections", tcp.maxConnections),
    ...limit("maxPendingRequests", http.http1MaxPendingRequests),
    ...limit("maxRequests", http.http2MaxRequests),
    ...limit("maxRetries", http.maxRetries),
    ...limit("maxRequestsPerConnection", http.maxRequestsPerConnection),
  };
}

/** 0 stands for "not set", as in every proto field without presence. */
function limit(name: keyof ClusterPolicy, value: number | undefined): Partial<ClusterPolicy> {
  return value === undefined || value === 0 ? {} : { [name]: value };
}
