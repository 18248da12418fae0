import { OutlierRecord } from "./outlier/outlier-record.ts";

/**
 * One address of a cluster, and the counters that balancing and ejection read. It outlives snapshots: a host that
 * stays in its cluster is the same object before and after a push, so its connections and counters stay too.
 * With the exchange it is the one mutable thing in the data path.
 */
export class Host {
  readonly address: string;
  readonly port: number;
  /** `address:port`, as Envoy writes it in logs. */
  readonly name: string;
  weight: number;
  /** False once a push has left the host out: its idle connections close, requests in flight finish. */
  isMember = true;
  /** Requests sent and not yet answered. */
  activeRequests = 0;
  /** All tries ever sent here, and those that failed (5xx or no answer). */
  totalRequests = 0;
  failedRequests = 0;
  readonly outlier = new OutlierRecord();

  constructor(address: string, port: number, weight: number) {
    this.address = address;
    this.port = port;
    this.name = `${address}:${port}`;
    this.weight = weight;
  }
}
