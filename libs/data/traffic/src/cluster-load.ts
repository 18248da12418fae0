import type { Cluster, ClusterLimits } from "@bookmesh/proxy-core";
import { mayRetry } from "@bookmesh/proxy-core/retry";
import type { ClusterStats } from "./traffic-stats.ts";

/** What one cluster is doing, against which its limits are held, and what they have refused. It outlives snapshots. */
export class ClusterLoad implements ClusterStats {
  readonly cluster: Cluster["name"];
  connections = 0;
  pendingRequests = 0;
  /** Those of the pending ones that wait for a connection of others, since there may be no further one. */
  waitingRequests = 0;
  activeRequests = 0;
  activeRetries = 0;
  connectionOverflows = 0;
  pendingOverflows = 0;
  retries = 0;
  retrySuccesses = 0;
  retryOverflows = 0;
  retriesUsedUp = 0;
  timeouts = 0;
  tryTimeouts = 0;

  constructor(cluster: Cluster["name"]) {
    this.cluster = cluster;
  }

  mayRetry(limits: ClusterLimits): boolean {
    const requests = this.activeRequests + this.waitingRequests;
    return mayRetry(limits, { activeRetries: this.activeRetries, requests });
  }
}

/** The loads of all clusters, by name. */
export class ClusterLoads {
  readonly #byName = new Map<string, ClusterLoad>();

  of({ name }: Cluster): ClusterLoad {
    let load = this.#byName.get(name);
    if (!load) this.#byName.set(name, (load = new ClusterLoad(name)));
    return load;
  }

  all(): Iterable<ClusterLoad> {
    return this.#byName.values();
  }
}
