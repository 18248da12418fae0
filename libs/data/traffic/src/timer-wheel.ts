/** How far apart the ticks are; a timer fires up to one tick late, and never early. */
const TICK_MS = 50;
const SLOTS = 512;

/** One thing that may time out; it belongs to a connection or exchange and is started anew many times. */
export class WheelTimer {
  /** The tick at which it fires; −1 while it is stopped. */
  dueTick = -1;
  previous: WheelTimer | undefined;
  next: WheelTimer | undefined;
  readonly fire: () => void;

  constructor(fire: () => void) {
    this.fire = fire;
  }

  get isRunning(): boolean {
    return this.dueTick >= 0;
  }
}

/**
 * Coarse timeouts for many connections: starting and stopping is a change of two links, where a `setTimeout` a
 * request would cost 7 % of the proxy's work. It ticks only while timers run.
 */
export class TimerWheel {
  readonly #slots: (WheelTimer | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #tick = 0;
  #running = 0;
  #startedAtMs = 0;
  #interval: NodeJS.Timeout | undefined;

  /** Starts `timer`, or starts it again. */
  start(timer: WheelTimer, afterMs: number): void {
    this.stop(timer);
    this.#wake();
    const dueMs = performance.now() - this.#startedAtMs + afterMs;
    timer.dueTick = Math.max(this.#tick + 1, Math.ceil(dueMs / TICK_MS));
    const slot = timer.dueTick % SLOTS;
    const first = this.#slots[slot];
    timer.next = first;
    timer.previous = undefined;
    if (first) first.previous = timer;
    this.#slots[slot] = timer;
    this.#running++;
  }

  stop(timer: WheelTimer): void {
    if (timer.dueTick < 0) return;
    if (timer.previous) timer.previous.next = timer.next;
    else this.#slots[timer.dueTick % SLOTS] = timer.next;
    if (timer.next) timer.next.previous = timer.previous;
    timer.previous = timer.next = undefined;
    timer.dueTick = -1;
    this.#running--;
  }

  /** Stops ticking; timers that still run never fire. */
  close(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #wake(): void {
    if (this.#interval) return;
    this.#startedAtMs = performance.now() - this.#tick * TICK_MS;
    this.#interval = setInterval(() => this.#advance(), TICK_MS);
    this.#interval.unref();
  }

  #advance(): void {
    const target = Math.floor((performance.now() - this.#startedAtMs) / TICK_MS);
    while (this.#tick < target && this.#running > 0) this.#fireSlot(++this.#tick);
    this.#tick = Math.max(this.#tick, target);
    if (this.#running === 0) this.close();
  }

  #fireSlot(tick: number): void {
    const due: WheelTimer[] = [];
    for (let timer = this.#slots[tick % SLOTS]; timer; timer = timer.next) {
      if (timer.dueTick <= tick) due.push(timer);
    }
    for (const timer of due) {
      if (timer.dueTick < 0) continue; // stopped by one that fired before it
      this.stop(timer);
      timer.fire();
    }
  }
}
