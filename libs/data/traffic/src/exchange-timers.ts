import type { ForwardAction } from "@bookmesh/proxy-core";
import { WheelTimer, type TimerWheel } from "./timer-wheel.ts";

/** What an exchange does when its time is over. */
export interface TimeoutEvents {
  onRouteTimeout(): void;
  onTryTimeout(): void;
  onIdleTimeout(): void;
}

/** The clocks of one exchange: the route's, the pause in which nothing moves, and the one thing that it waits for. */
export class ExchangeTimers {
  readonly #wheel: TimerWheel;
  readonly #route: WheelTimer;
  readonly #idle: WheelTimer;
  readonly #wait = new WheelTimer(() => this.#afterWait());
  readonly #onTryTimeout: () => void;
  #afterWait: () => void = () => undefined;
  #exact: NodeJS.Timeout | undefined;
  #action: ForwardAction | undefined;

  constructor(wheel: TimerWheel, events: TimeoutEvents) {
    this.#wheel = wheel;
    this.#route = new WheelTimer(() => events.onRouteTimeout());
    this.#idle = new WheelTimer(() => events.onIdleTimeout());
    this.#onTryTimeout = () => events.onTryTimeout();
  }

  begin(action: ForwardAction): void {
    this.#action = action;
  }

  /** The whole request is there: from now on its time runs. */
  startRoute(): void {
    const timeoutMs = this.#action?.timeoutMs ?? 0;
    if (timeoutMs > 0) this.#wheel.start(this.#route, timeoutMs);
  }

  /** Something moves. */
  touch(): void {
    const idleTimeoutMs = this.#action?.idleTimeoutMs ?? 0;
    if (idleTimeoutMs > 0) this.#wheel.start(this.#idle, idleTimeoutMs);
  }

  /** As in Envoy, a try's own time begins when the whole request has come and a host has taken a connection. */
  startTry(): void {
    const perTryTimeoutMs = this.#action?.retry?.perTryTimeoutMs ?? 0;
    if (perTryTimeoutMs > 0) this.wait(perTryTimeoutMs, this.#onTryTimeout);
  }

  /** One thing is waited for at a time: a pause, a try's end. */
  wait(ms: number, then: () => void): void {
    this.#afterWait = then;
    this.#wheel.start(this.#wait, ms);
  }

  /** A delay to the millisecond: rare enough for a timer of its own, where the wheel would be up to a tick late. */
  waitExactly(ms: number, then: () => void): void {
    this.#exact = setTimeout(then, ms);
  }

  stopWaiting(): void {
    this.#wheel.stop(this.#wait);
  }

  stop(): void {
    this.#wheel.stop(this.#route);
    this.#wheel.stop(this.#idle);
    this.#wheel.stop(this.#wait);
    if (this.#exact) clearTimeout(this.#exact);
    this.#exact = undefined;
  }
}
