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
  /** Loads what tells where redirected connections were going. Absent: the kernel is asked. */
  readonly loadFindDestination?: () => Promise<FindDestination>;
}

/** The running data path: listeners open and close as snapshots come. */
export interface Traffic {
  readonly stats: TrafficStats;
  /** Resolves once every listener of the present snapshot accepts connections; rejects with the first that cannot. */
  listening(): Promise<void>;
  /**
   * Lame duck: answers carry `Connection: close`, listeners stop accepting, requests in flight finish. Resolves when
   * none is left or `maxMs` has passed.
   */
  drain(maxMs: number): Promise<void>;
  /** Closes everything at once. */
  close(): void;
}
