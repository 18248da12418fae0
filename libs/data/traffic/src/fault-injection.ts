import type { Random } from "@bookmesh/kernel";
import type { FaultPolicy } from "@bookmesh/proxy-core";
import type { ExchangeTimers } from "./exchange-timers.ts";

/** What becomes of a request when its faults are behind it. */
export interface FaultEvents {
  onDelayed(): void;
  onAborted(status: number): void;
  onPassed(): void;
}

/** Delays and aborts requests on purpose, before they are sent anywhere. Source: Envoy, `envoy.filters.http.fault`. */
export class FaultInjection {
  readonly #random: Random;
  readonly #timers: ExchangeTimers;
  readonly #events: FaultEvents;

  constructor(random: Random, timers: ExchangeTimers, events: FaultEvents) {
    this.#random = random;
    this.#timers = timers;
    this.#events = events;
  }

  begin(fault: FaultPolicy): void {
    const { delay } = fault;
    if (!delay || delay.durationMs === 0 || this.#random() >= delay.fraction) {
      this.#abort(fault);
      return;
    }
    this.#events.onDelayed();
    this.#timers.waitExactly(delay.durationMs, () => this.#abort(fault));
  }

  #abort({ abort }: FaultPolicy): void {
    if (abort && this.#random() < abort.fraction) this.#events.onAborted(abort.status);
    else this.#events.onPassed();
  }
}
