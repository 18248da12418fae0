import type { OutlierPolicy } from "../outlier/outlier-policy.ts";
import type { ClusterLimits, ConnectionRules } from "../proxy-snapshot.ts";

/** How a cluster spreads its requests. */
export type BalancingPolicy = "roundRobin" | "leastRequest" | "random";

/** Where a cluster's hosts come from. */
export type HostSource =
  | { readonly kind: "discovered"; readonly serviceName: string }
  | { readonly kind: "fixed"; readonly endpoints: readonly EndpointSpec[] }
  /** `sources`: the addresses to dial from. */
  | { readonly kind: "passthrough"; readonly sources: readonly string[] };

/** An accepted cluster. */
export interface ClusterSpec {
  readonly name: string;
  readonly source: HostSource;
  readonly policy: BalancingPolicy;
  readonly connectTimeoutMs: number;
  /** Below this share of healthy hosts all of them are used. Source: Envoy, "panic threshold". */
  readonly panicFraction: number;
  readonly limits: ClusterLimits;
  readonly connections: ConnectionRules;
  readonly outliers: OutlierPolicy | undefined;
}

/** One accepted endpoint. */
export interface EndpointSpec {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly isHealthy: boolean;
}
