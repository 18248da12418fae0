import type { Cluster } from "@bookmesh/proxy-core";

/** Upper bounds of the duration histogram's buckets, in milliseconds; Istio's. The last bucket has none. */
export const DURATION_BUCKETS_MS: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000,
  1_800_000, 3_600_000,
];

/** The counters of one cluster as one listener uses it; they only grow. */
export interface RouteStats {
  readonly direction: "inbound" | "outbound";
  readonly cluster: Cluster["name"];
  /** Count by response code; 0 for requests without an answer. */
  readonly byCode: ReadonlyMap<number, number>;
  /** Count by Envoy's response flags, "-" left out. */
  readonly byFlag: ReadonlyMap<string, number>;
  /** As long as `DURATION_BUCKETS_MS` and one more; not cumulative. */
  readonly durations: ArrayLike<number>;
  readonly durationSumMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Why a connection was closed before any request. */
export type RefusalReason =
  | "no TLS on a port for TLS"
  | "unreadable ClientHello"
  | "slow ClientHello"
  | "unknown server name"
  | "no certificate yet"
  | "failed handshake";

/** One cluster's present load, and what its limits have refused; the second part only grows. */
export interface ClusterStats {
  readonly cluster: Cluster["name"];
  readonly connections: number;
  readonly pendingRequests: number;
  readonly activeRequests: number;
  readonly activeRetries: number;
  /** Requests that found as many connections as there may be. */
  readonly connectionOverflows: number;
  /** Requests that were refused at once. */
  readonly pendingOverflows: number;
  readonly retries: number;
  readonly retrySuccesses: number;
  /** Retries that the cluster's limit has refused, and those that the request's own number has. */
  readonly retryOverflows: number;
  readonly retriesUsedUp: number;
  readonly timeouts: number;
  readonly tryTimeouts: number;
}

/** What the data path has counted; read when somebody asks, never on the hot path. */
export interface TrafficStats {
  readonly downstreamConnections: number;
  readonly downstreamConnectionsTotal: number;
  readonly upstreamConnections: number;
  readonly upstreamConnectionsTotal: number;
  readonly upstreamConnectFailures: number;
  readonly activeRequests: number;
  readonly tlsHandshakes: number;
  readonly refusals: ReadonlyMap<RefusalReason, number>;
  routes(): Iterable<RouteStats>;
  clusters(): Iterable<ClusterStats>;
}
