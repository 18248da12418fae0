import { ClusterLoads } from "./cluster-load.ts";
import {
  DURATION_BUCKETS_MS,
  type ClusterStats,
  type RefusalReason,
  type RouteStats,
  type TrafficStats,
} from "./traffic-stats.ts";

const LARGEST_STATUS = 599;

/** One finished request, as the counters want it. */
export interface FinishedRequest {
  status: number;
  /** "-": none. */
  readonly flags: string;
  durationMs: number;
  requestBytes: number;
  responseBytes: number;
}

/** The counters of one cluster as one direction uses it. */
export class RouteCounters implements RouteStats {
  readonly direction: "inbound" | "outbound";
  readonly cluster: string;
  readonly durations = new Float64Array(DURATION_BUCKETS_MS.length + 1);
  readonly byFlag = new Map<string, number>();
  durationSumMs = 0;
  requestBytes = 0;
  responseBytes = 0;
  readonly #byStatus = new Float64Array(LARGEST_STATUS + 1);

  constructor(direction: "inbound" | "outbound", cluster: string) {
    this.direction = direction;
    this.cluster = cluster;
  }

  get byCode(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    this.#byStatus.forEach((count, status) => {
      if (count > 0) counts.set(status, count);
    });
    return counts;
  }

  count(request: FinishedRequest): void {
    const status = request.status <= LARGEST_STATUS ? request.status : 0;
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
    const { flags } = request;
    if (flags !== "-") this.byFlag.set(flags, (this.byFlag.get(flags) ?? 0) + 1);
    let bucket = 0;
    while (bucket < DURATION_BUCKETS_MS.length && request.durationMs > (DURATION_BUCKETS_MS[bucket] ?? 0))
      bucket++;
    this.durations[bucket] = (this.durations[bucket] ?? 0) + 1;
    this.durationSumMs += request.durationMs;
    this.requestBytes += request.requestBytes;
    this.responseBytes += request.responseBytes;
  }
}

/** What the data path counts while it works. Labels come from the configuration, so their number is bounded. */
export class TrafficCounters implements TrafficStats {
  downstreamConnections = 0;
  downstreamConnectionsTotal = 0;
  upstreamConnections = 0;
  upstreamConnectionsTotal = 0;
  upstreamConnectFailures = 0;
  activeRequests = 0;
  tlsHandshakes = 0;
  readonly refusals = new Map<RefusalReason, number>();
  readonly loads = new ClusterLoads();
  readonly #inbound = new Map<string, RouteCounters>();
  readonly #outbound = new Map<string, RouteCounters>();

  refuse(reason: RefusalReason): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  of(direction: "inbound" | "outbound", cluster: string): RouteCounters {
    const counters = direction === "inbound" ? this.#inbound : this.#outbound;
    let found = counters.get(cluster);
    if (!found) counters.set(cluster, (found = new RouteCounters(direction, cluster)));
    return found;
  }

  clusters(): Iterable<ClusterStats> {
    return this.loads.all();
  }

  *routes(): Iterable<RouteStats> {
    yield* this.#inbound.values();
    yield* this.#outbound.values();
  }
}
