import type { Clock, Random, SnapshotReader } from "@bookmesh/kernel";
import type { ProxySnapshot } from "@bookmesh/proxy-core";
import type { AccessLogSink } from "./access-log.ts";
import type { FindDestination } from "./original-destination.ts";
import type { TrafficStats } from "./traffic-stats.ts";

/** What the data path is given. */
export interface TrafficOptions {
  readonly config: SnapshotReader<ProxySnapshot>;
  readonly accessLog: AccessLogSink;
  readonly clock: Clock;
  readonly random: Random;
  /** The address that upstream connections are dialled from: the pod IP. Absent: the kernel chooses. */
  readonly dialFrom?: string;
  /** Where the application of this pod listens: what `localhost` means on a forward proxy. */
  readonly applicationAddress: string;
  /** This pod's own address: what `localhost` means there when nothing listens on the application's. */
  readonly podAddress: string;
  /** Serves outside clients at its listeners, which all are entrances then. Absent: a sidecar. */
  readonly isGateway?: boolean;
  /** Loads what tells where redirected connections were going. Absent: the kernel is asked. */
  readonly loadFindDestination?: () => Promise<FindDestination>;
}

/** How long a drain goes on: at the least, and at the most. */
export interface DrainTimes {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** The running data path: listeners open and close as snapshots come. */
export interface Traffic {
  readonly stats: TrafficStats;
  /** Resolves once every listener of the present snapshot accepts connections; rejects with the first that cannot. */
  listening(): Promise<void>;
  /**
   * Lame duck (where a gateway drains, all of its listeners are what inbound ones are here). Inbound answers carry
   * `Connection: close` at once, and inbound connections without a request soon end, but everybody is served as before
   * for the minimum, while clients hear that this pod is leaving. Then inbound listeners let in who stands at the door,
   * and close; outbound ones go on, since the application may still need them. Resolves when no connection is left, or
   * at the maximum.
   */
  drain(times: DrainTimes): Promise<void>;
  /** Closes everything at once. */
  close(): void;
}
