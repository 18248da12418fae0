import type { Cluster, Host, ProxyFailure } from "@bookmesh/proxy-core";
import type { ClusterLoad } from "./cluster-load.ts";
import type { DataPath } from "./data-path.ts";
import { HostPool, type WaitingRequest } from "./host-pool.ts";
import { OutlierReports } from "./outlier-reports.ts";
import { UpstreamConnection, type UpstreamUser } from "./upstream-connection.ts";

/** The connection that a user asks for. */
export interface Wanted {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly direction: "inbound" | "outbound";
  /** One that no request has used yet. */
  readonly isFresh: boolean;
}

/** Why a request gets no connection. */
export interface Refusal {
  readonly failure: ProxyFailure;
  /** The access log names no host where there was no place to wait for one. Source: Envoy, `newStreamImpl`. */
  readonly namesHost: boolean;
}

const NO_REQUEST_MORE: Refusal = { failure: "overflow", namesHost: true };
const NO_PLACE_TO_WAIT: Refusal = { failure: "overflow", namesHost: false };
const DIALS_ITSELF: Refusal = { failure: "connectFailed", namesHost: true };

/** All upstream connections, by host; hosts keep theirs from snapshot to snapshot. */
export class UpstreamPools {
  /** How tries end is told here. */
  readonly reports = new OutlierReports((host) => this.#pools.get(host)?.retire());
  readonly #path: DataPath;
  readonly #pools = new Map<Host, HostPool>();

  constructor(path: DataPath) {
    this.#path = path;
  }

  /**
   * Gets `user` a connection: at once, after dialling, or when another request gives one back. Returns the refusal
   * where none of that may be: the cluster's limits are reached, or the proxy would dial itself.
   */
  acquire(user: UpstreamUser, wanted: Wanted): Refusal | undefined {
    const { cluster, host, isFresh, direction } = wanted;
    const load = this.#path.counters.loads.of(cluster);
    const pool = this.#poolOf(host);
    if (load.activeRequests >= cluster.limits.maxRequests) return overflown(load, NO_REQUEST_MORE);
    const idle = isFresh ? undefined : pool.takeIdle();
    if (idle) {
      idle.lend(user);
      user.onConnected(idle);
      return undefined;
    }
    if (load.pendingRequests >= cluster.limits.maxPendingRequests) return overflown(load, NO_PLACE_TO_WAIT);
    if (this.#path.isLoop(direction, host.address, host.port)) return DIALS_ITSELF;
    load.pendingRequests++;
    // As in Envoy, a host without any connection may have one even where the cluster has as many as it may.
    const isFull = load.connections >= cluster.limits.maxConnections;
    if (isFull) load.connectionOverflows++;
    if (isFull && pool.all.size > 0 && !isFresh) {
      load.waitingRequests++;
      pool.waiting.push({ user, cluster, host });
    } else {
      this.#dial({ user, cluster, host });
    }
    return undefined;
  }

  /** Forgets a user that waits for a connection to this host; one that was being dialled for it is given up. */
  cancel(user: UpstreamUser, { cluster, host }: Pick<Wanted, "cluster" | "host">): void {
    const pool = this.#pools.get(host);
    if (!pool) return;
    const index = pool.waiting.findIndex((one) => one.user === user);
    if (index >= 0) {
      pool.waiting.splice(index, 1);
      leaveQueue(this.#path.counters.loads.of(cluster));
      return;
    }
    for (const connection of pool.all) {
      if (connection.user === user && !connection.isConnected) connection.abandon();
    }
  }

  /** Takes a connection back whose answer is complete, for the next request. */
  release(connection: UpstreamConnection, cluster: Cluster): void {
    if (connection.isLast || connection.requests >= cluster.limits.maxRequestsPerConnection) {
      connection.wire.destroy();
      return;
    }
    const pool = this.#poolOf(connection.host);
    const next = pool.waiting.shift();
    if (next) {
      leaveQueue(this.#path.counters.loads.of(next.cluster));
      connection.lend(next.user);
      next.user.onConnected(connection);
    } else if (connection.host.isMember) {
      pool.keepIdle(connection);
    } else {
      connection.wire.destroy();
    }
  }

  /** Closes the idle connections of hosts that the snapshot has left out. */
  prune(): void {
    for (const [host, pool] of this.#pools) {
      if (host.isMember) continue;
      pool.closeIdle();
      if (pool.all.size === 0) this.#pools.delete(host);
    }
  }

  close(): void {
    this.reports.close();
    for (const pool of this.#pools.values()) for (const connection of pool.all) connection.abandon();
  }

  #poolOf(host: Host): HostPool {
    let pool = this.#pools.get(host);
    if (!pool) this.#pools.set(host, (pool = new HostPool(this.#path.wheel)));
    return pool;
  }

  #dial({ user, cluster, host }: WaitingRequest): void {
    const { counters } = this.#path;
    const load = counters.loads.of(cluster);
    const pool = this.#poolOf(host);
    load.connections++;
    const connection = new UpstreamConnection(
      this.#path,
      { host, cluster, load },
      {
        onOpened: () => {
          load.pendingRequests--;
          counters.upstreamConnections++;
          counters.upstreamConnectionsTotal++;
          connection.user?.onConnected(connection);
        },
        onClosed: () => {
          load.connections--;
          if (connection.isConnected) {
            counters.upstreamConnections--;
          } else {
            load.pendingRequests--;
            counters.upstreamConnectFailures++;
          }
          pool.forget(connection);
          if (!host.isMember && pool.all.size === 0) this.#pools.delete(host);
          this.#dialForWaiting(pool, load);
        },
      },
    );
    connection.lend(user);
    pool.all.add(connection);
  }

  #dialForWaiting({ waiting, all }: HostPool, load: ClusterLoad): void {
    const [next] = waiting;
    if (!next || (all.size > 0 && load.connections >= next.cluster.limits.maxConnections)) return;
    waiting.shift();
    load.waitingRequests--;
    this.#dial(next);
  }
}

function overflown(load: ClusterLoad, refusal: Refusal): Refusal {
  load.pendingOverflows++;
  return refusal;
}

function leaveQueue(load: ClusterLoad): void {
  load.waitingRequests--;
  load.pendingRequests--;
}
