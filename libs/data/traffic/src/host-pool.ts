import type { Cluster, Host } from "@bookmesh/proxy-core";
import { WheelTimer, type TimerWheel } from "./timer-wheel.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";

/** Idle connections kept for one host; as many as its busiest moment needs on a small machine. */
const MAX_IDLE = 256;

/** A request without a connection. */
export interface WaitingRequest {
  readonly user: UpstreamUser;
  readonly cluster: Cluster;
  readonly host: Host;
}

/** One host's connections: those idle are taken last in, first out, so that the others may age. */
export class HostPool {
  readonly all = new Set<UpstreamConnection>();
  /** Requests that wait because the cluster may have no further connection, oldest first. */
  readonly waiting: WaitingRequest[] = [];
  #idle: UpstreamConnection[] = [];
  readonly #wheel: TimerWheel;
  readonly #expiry = new WheelTimer(() => this.#closeExpired());

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel;
  }

  /** A connection that nobody uses. */
  takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (!connection) return undefined;
      if (performance.now() < connection.idleUntilMs && !connection.wire.socket.destroyed) return connection;
      connection.wire.destroy();
    }
  }

  keepIdle(connection: UpstreamConnection): void {
    if (this.#idle.length >= MAX_IDLE) {
      connection.wire.destroy();
      return;
    }
    this.#idle.push(connection);
    if (!this.#expiry.isRunning) this.#wheel.start(this.#expiry, connection.idleUntilMs - performance.now());
  }

  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.wire.destroy();
  }

  /** Lets those that serve somebody end with their present request. */
  retire(): void {
    this.closeIdle();
    for (const connection of this.all) connection.isLast = true;
  }

  /** A connection has closed. */
  forget(connection: UpstreamConnection): void {
    this.all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#idle.length === 0) this.#wheel.stop(this.#expiry);
  }

  #closeExpired(): void {
    const nowMs = performance.now();
    const expired = this.#idle.filter(({ idleUntilMs }) => idleUntilMs <= nowMs);
    this.#idle = this.#idle.filter(({ idleUntilMs }) => idleUntilMs > nowMs);
    for (const connection of expired) connection.wire.destroy();
    const next = Math.min(...this.#idle.map(({ idleUntilMs }) => idleUntilMs));
    if (this.#idle.length > 0) this.#wheel.start(this.#expiry, next - nowMs);
  }
}
