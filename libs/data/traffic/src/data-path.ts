import { ByteWriter, MessageHead, type Allocate } from "@bookmesh/http1";
import type { Listener, ProxySnapshot } from "@bookmesh/proxy-core";
import type { TrafficOptions } from "./traffic.ts";
import { TimerWheel } from "./timer-wheel.ts";
import { TrafficCounters } from "./traffic-counters.ts";
import { SharedReads } from "./wire.ts";

/** Room for most heads and small bodies together; a longer message makes its writer grow. */
export const HEAD_BYTES = 2 * 1024;

/** A head and one full read behind it. */
const OUT_BYTES = 72 * 1024;

/** Bytes outside Node's own pool: they are handed to the kernel and kept for long. */
export const allocate: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

/** What all connections of one data path share. The scratch records are used within one callback only. */
export class DataPath {
  readonly options: TrafficOptions;
  readonly reads = new SharedReads();
  readonly wheel = new TimerWheel();
  readonly counters = new TrafficCounters();
  readonly requestHead = new MessageHead();
  readonly responseHead = new MessageHead();
  /** What leaves is assembled here, if it need not be kept. */
  readonly out = new ByteWriter(OUT_BYTES, allocate);
  /** Answers at entrances carry `Connection: close`. */
  isDraining = false;
  /** Copies of requests on their way to mirrors. */
  shadows = 0;
  #dateSecond = -1;
  #dateText = "";

  constructor(options: TrafficOptions) {
    this.options = options;
  }

  get snapshot(): ProxySnapshot {
    return this.options.config.current();
  }

  /** The `date` of an answer, made once a second. */
  date(): string {
    const second = Math.floor(this.options.clock.now() / 1_000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#dateText = new Date(second * 1_000).toUTCString();
    }
    return this.#dateText;
  }

  /** Says whether connections of this direction come from other pods, so that these have to hear that this one leaves. */
  isEntrance(direction: "inbound" | "outbound"): boolean {
    return direction === "inbound" || (this.options.isGateway ?? false);
  }

  /**
   * Says whether dialling there would lead a request of this direction back to where it came from. An outbound
   * request may reach this pod's own inbound listener: that is a service calling itself.
   */
  isLoop(direction: "inbound" | "outbound", address: string, port: number): boolean {
    return this.snapshot.listeners.some(
      (listener) =>
        listener.port === port &&
        listener.hasSocket !== false &&
        (listener.address === address || this.#isTakenAnywhere(listener, address)) &&
        (direction === "inbound" || listener.direction === "outbound"),
    );
  }

  /**
   * A listener on every address has the pod's own ones. Its port elsewhere is another pod's business, but for the ports
   * that connections are redirected to: nobody calls these.
   */
  #isTakenAnywhere({ address: own, redirection = "none" }: Listener, address: string): boolean {
    if (own !== "0.0.0.0" && own !== "::") return false;
    return redirection !== "none" || address === this.options.podAddress || isLoopback(address);
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
