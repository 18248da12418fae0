import { connect, isIP, type Socket } from "node:net";
import { INCOMPLETE, readResponseHead, type ByteWindow } from "@bookmesh/http1";
import type { Cluster, Host, ProxyFailure } from "@bookmesh/proxy-core";
import type { ClusterLoad } from "./cluster-load.ts";
import { POOLED_PAUSE_MS } from "./connection-times.ts";
import type { DataPath } from "./data-path.ts";
import { WheelTimer } from "./timer-wheel.ts";
import { Wire, type WireEvents } from "./wire.ts";

/** Interim answers (1xx) that one request may get before its answer. */
const MAX_INTERIM_ANSWERS = 16;

/** Taken off a time that the upstream names, so that a request does not cross its close. */
const IDLE_MARGIN_MS = 1_000;

/** Whoever uses an upstream connection; an exchange or a tunnel. */
export interface UpstreamUser {
  /** The connection is there and this user's alone. */
  onConnected(connection: UpstreamConnection): void;
  /** `path.responseHead` holds the head of the final answer, or of a 101; `input` what follows it. */
  onResponseHead(input: ByteWindow): void;
  onResponseBytes(input: ByteWindow): void;
  onUpstreamEnd(): void;
  onUpstreamDrain(): void;
  /** The connection failed or broke; it is gone already. */
  onUpstreamLost(failure: ProxyFailure): void;
}

/** Where its counters and its place in the pool are. */
export interface UpstreamOwner {
  onOpened(connection: UpstreamConnection): void;
  onClosed(connection: UpstreamConnection): void;
}

/** One connection to a host: it serves one request at a time, many in its life. */
export class UpstreamConnection implements WireEvents {
  readonly host: Host;
  readonly wire: Wire;
  user: UpstreamUser | undefined;
  /** Requests sent on it so far. */
  requests = 0;
  isConnected = false;
  /** It serves no further request after its present one. */
  isLast = false;
  idleUntilMs = 0;
  /** A byte of the present answer has come. */
  #hasAnswered = false;
  readonly #path: DataPath;
  readonly #owner: UpstreamOwner;
  readonly #load: ClusterLoad;
  readonly #connectTimer: WheelTimer;
  readonly #idleMs: number;
  readonly #endMs: number;
  #hasTimedOut = false;
  #isLent = false;
  #isServing = false;
  #readsHead = false;
  #interimAnswers = 0;
  #heldHead: Uint8Array | undefined;

  constructor(path: DataPath, target: UpstreamTarget, owner: UpstreamOwner) {
    this.#path = path;
    this.#owner = owner;
    this.host = target.host;
    this.#load = target.load;
    const { idleTimeoutMs = Infinity, maxDurationMs = Infinity } = target.cluster.connections ?? {};
    this.#idleMs = Math.min(POOLED_PAUSE_MS, idleTimeoutMs);
    this.#endMs = performance.now() + maxDurationMs;
    const socket = dial(path, target);
    this.wire = new Wire(socket, path.reads, this);
    this.#connectTimer = new WheelTimer(() => {
      this.#hasTimedOut = true;
      this.wire.destroy();
    });
    path.wheel.start(this.#connectTimer, target.cluster.connectTimeoutMs);
    socket.once("connect", () => this.#onConnect());
  }

  /** It was pooled and has not said a word to its present request: the host may have closed it meanwhile. */
  get isStale(): boolean {
    return this.requests > 1 && !this.#hasAnswered;
  }

  /** It is this user's alone until that one leaves it. */
  lend(user: UpstreamUser): void {
    this.user = user;
    this.#isLent = true;
    this.#load.activeRequests++;
  }

  /** Another request's bytes follow. */
  beginRequest(user: UpstreamUser): void {
    this.user = user;
    this.#isServing = true;
    this.host.activeRequests++;
    this.host.totalRequests++;
    this.requests++;
    this.#hasAnswered = false;
    this.#readsHead = true;
    this.#interimAnswers = 0;
    this.#heldHead = undefined;
  }

  /** The answer is complete: bytes that still come are nobody's. */
  endRequest(keepAliveSeconds: number): void {
    this.detach();
    const nowMs = performance.now();
    const namedMs = keepAliveSeconds * 1_000 - IDLE_MARGIN_MS;
    const idleMs = keepAliveSeconds < 0 ? this.#idleMs : Math.min(this.#idleMs, namedMs);
    this.idleUntilMs = Math.min(nowMs + idleMs, this.#endMs);
    if (this.idleUntilMs <= nowMs) this.isLast = true;
  }

  /** Closes without a word to its user. */
  abandon(): void {
    this.detach();
    this.wire.destroy();
  }

  /** Leaves its user: whatever comes now is not for that one. */
  detach(): void {
    this.user = undefined;
    if (this.#isServing) this.host.activeRequests--;
    if (this.#isLent) this.#load.activeRequests--;
    this.#isServing = this.#isLent = false;
  }

  onBytes(input: ByteWindow): void {
    if (this.user === undefined) {
      // An answer that nobody asked for would be taken for the next request's (CVE-2026-48931).
      this.wire.destroy();
      return;
    }
    this.#hasAnswered = true;
    if (this.#readsHead) this.#readHead(this.user, input);
    else this.user.onResponseBytes(input);
  }

  onEnd(): void {
    if (this.user && this.isConnected && !this.#readsHead) this.user.onUpstreamEnd();
    if (!this.wire.socket.writableEnded) this.wire.destroy();
  }

  onDrain(): void {
    this.user?.onUpstreamDrain();
  }

  onClose(): void {
    this.#path.wheel.stop(this.#connectTimer);
    this.#owner.onClosed(this);
    const { user } = this;
    this.detach();
    if (this.isConnected) user?.onUpstreamLost("upstreamReset");
    else user?.onUpstreamLost(this.#hasTimedOut ? "connectTimeout" : "connectFailed");
  }

  #onConnect(): void {
    this.isConnected = true;
    this.#path.wheel.stop(this.#connectTimer);
    this.#owner.onOpened(this);
  }

  #readHead(user: UpstreamUser, fresh: ByteWindow): void {
    const { responseHead } = this.#path;
    const input = this.#joinHeld(fresh);
    for (;;) {
      const outcome = readResponseHead(input, responseHead);
      if (outcome === INCOMPLETE) {
        this.#heldHead = input.copy();
        return;
      }
      const isInterim = outcome > 0 && responseHead.status < 200 && responseHead.status !== 101;
      if (outcome < 0 || (isInterim && ++this.#interimAnswers > MAX_INTERIM_ANSWERS)) {
        this.abandon();
        user.onUpstreamLost("upstreamProtocolError");
        return;
      }
      input.from = outcome;
      if (isInterim) continue; // the client has had its 100 from the proxy itself
      this.#readsHead = false;
      user.onResponseHead(input);
      return;
    }
  }

  #joinHeld(fresh: ByteWindow): ByteWindow {
    const held = this.#heldHead;
    if (held === undefined) return fresh;
    this.#heldHead = undefined;
    const joined = Buffer.concat([held, fresh.bytes.subarray(fresh.from, fresh.to)]);
    return fresh.move(joined, 0, joined.length);
  }
}

/** What is dialled. */
export interface UpstreamTarget {
  readonly host: Host;
  readonly cluster: Cluster;
  readonly load: ClusterLoad;
}

function dial(path: DataPath, { host: { address, port }, cluster }: UpstreamTarget): Socket {
  const family = isIP(address);
  const source = cluster.sources?.find((one) => isIP(one) === family) ?? podSource(path, address);
  const socket = connect({
    host: address,
    port,
    allowHalfOpen: true,
    autoSelectFamily: family === 0,
    ...(source !== undefined && { localAddress: source }),
  });
  const probes = cluster.connections?.keepAlive;
  if (probes) socket.setKeepAlive(true, probes.idleMs, probes.intervalMs, probes.probes);
  return socket;
}

/** A loopback source cannot reach the world outside, nor an IPv6 one from IPv4. */
function podSource({ options: { dialFrom } }: DataPath, address: string): string | undefined {
  const fits = dialFrom !== undefined && isIP(address) === 4 && isLoopback(address) === isLoopback(dialFrom);
  return fits ? dialFrom : undefined;
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}
