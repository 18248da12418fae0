import type { Cluster, Host, ProxyFailure } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import { OutlierReports } from "./outlier-reports.ts";
import { UpstreamConnection, type UpstreamUser } from "./upstream-connection.ts";

/** Idle connections kept for one host; as many as its busiest moment needs on a small machine. */
const MAX_IDLE_PER_HOST = 256;

/** The load of one cluster, against which its limits are held. It outlives snapshots, as the name does. */
export class ClusterLoad {
  connections = 0;
  pendingRequests = 0;
  activeRequests = 0;
  activeRetries = 0;
}

/** The connection that a user asks for. */
export interface Wanted {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly direction: "inbound" | "outbound";
  /** One that no request has used yet. */
  readonly isFresh: boolean;
}

interface WaitingRequest {
  readonly user: UpstreamUser;
  readonly cluster: Cluster;
  readonly host: Host;
}

/** One host's connections: those idle are taken last in, first out, so that the others may age. */
interface HostPool {
  readonly idle: UpstreamConnection[];
  connections: number;
  /** Requests that wait because the cluster may have no further connection, oldest first. */
  readonly waiting: WaitingRequest[];
}

/** All upstream connections, by host; hosts keep theirs from snapshot to snapshot. */
export class UpstreamPools {
  /** How tries end is told here. */
  readonly reports = new OutlierReports((host) => this.#renewConnections(host));
  readonly #path: DataPath;
  readonly #loads = new Map<string, ClusterLoad>();
  readonly #pools = new Map<Host, HostPool>();
  readonly #connections = new Set<UpstreamConnection>();

  constructor(path: DataPath) {
    this.#path = path;
  }

  loadOf(cluster: Cluster): ClusterLoad {
    let load = this.#loads.get(cluster.name);
    if (!load) this.#loads.set(cluster.name, (load = new ClusterLoad()));
    return load;
  }

  /**
   * Gets `user` a connection: at once, after dialling, or when another request gives one back. Returns the failure
   * where none of that may be: the cluster's limits are reached, or the proxy would dial itself.
   */
  acquire(user: UpstreamUser, { cluster, host, isFresh, direction }: Wanted): ProxyFailure | undefined {
    const load = this.loadOf(cluster);
    if (load.activeRequests > cluster.limits.maxRequests) return "overflow";
    const pool = this.#poolOf(host);
    const idle = isFresh ? undefined : this.#takeIdle(pool);
    if (idle) {
      idle.user = user;
      user.onConnected(idle);
      return undefined;
    }
    if (load.pendingRequests >= cluster.limits.maxPendingRequests) return "overflow";
    if (this.#path.isLoop(direction, host.address, host.port)) return "connectFailed";
    load.pendingRequests++;
    // As in Envoy, a host without any connection may have one even where the cluster has as many as it may.
    if (load.connections >= cluster.limits.maxConnections && pool.connections > 0 && !isFresh) {
      pool.waiting.push({ user, cluster, host });
    } else {
      this.#dial({ user, cluster, host });
    }
    return undefined;
  }

  /** Forgets a user that waits for a connection; one that is dialling is lent to the next, or stays idle. */
  cancel(user: UpstreamUser, cluster: Cluster): void {
    for (const { waiting } of this.#pools.values()) {
      const index = waiting.findIndex((one) => one.user === user);
      if (index < 0) continue;
      waiting.splice(index, 1);
      this.loadOf(cluster).pendingRequests--;
      return;
    }
    for (const connection of this.#connections) {
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
      this.loadOf(cluster).pendingRequests--;
      connection.user = next.user;
      next.user.onConnected(connection);
      return;
    }
    if (!connection.host.isMember || pool.idle.length >= MAX_IDLE_PER_HOST) connection.wire.destroy();
    else pool.idle.push(connection);
  }

  /** Closes the idle connections of hosts that the snapshot has left out. */
  prune(): void {
    for (const [host, pool] of this.#pools) {
      if (host.isMember) continue;
      for (const connection of pool.idle.splice(0)) connection.wire.destroy();
      if (pool.connections === 0) this.#pools.delete(host);
    }
  }

  close(): void {
    this.reports.close();
    for (const connection of this.#connections) connection.abandon();
  }

  /** Nothing new goes over the connections of a host that was ejected: the next ones may lead somewhere else. */
  #renewConnections(host: Host): void {
    for (const connection of this.#pools.get(host)?.idle.splice(0) ?? []) connection.wire.destroy();
    for (const connection of this.#connections) {
      if (connection.host === host) connection.isLast = true;
    }
  }

  #takeIdle(pool: HostPool): UpstreamConnection | undefined {
    for (;;) {
      const connection = pool.idle.pop();
      if (!connection) return undefined;
      if (performance.now() < connection.idleUntilMs && !connection.wire.socket.destroyed) return connection;
      connection.wire.destroy();
    }
  }

  #poolOf(host: Host): HostPool {
    let pool = this.#pools.get(host);
    if (!pool) this.#pools.set(host, (pool = { idle: [], connections: 0, waiting: [] }));
    return pool;
  }

  #dial({ user, cluster, host }: WaitingRequest): void {
    const { counters } = this.#path;
    const load = this.loadOf(cluster);
    const pool = this.#poolOf(host);
    load.connections++;
    pool.connections++;
    const connection = new UpstreamConnection(
      this.#path,
      { host, user, cluster },
      {
        onOpened: () => {
          load.pendingRequests--;
          counters.upstreamConnections++;
          counters.upstreamConnectionsTotal++;
          connection.user?.onConnected(connection);
        },
        onClosed: () => {
          this.#connections.delete(connection);
          load.connections--;
          pool.connections--;
          if (connection.isConnected) {
            counters.upstreamConnections--;
          } else {
            load.pendingRequests--;
            counters.upstreamConnectFailures++;
          }
          const index = pool.idle.indexOf(connection);
          if (index >= 0) pool.idle.splice(index, 1);
          if (!host.isMember && pool.connections === 0) this.#pools.delete(host);
          this.#dialForWaiting(pool, load);
        },
      },
    );
    this.#connections.add(connection);
  }

  #dialForWaiting({ waiting, connections }: HostPool, load: ClusterLoad): void {
    const [next] = waiting;
    if (!next || (connections > 0 && load.connections >= next.cluster.limits.maxConnections)) return;
    waiting.shift();
    this.#dial(next);
  }
}
