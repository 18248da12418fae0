import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "@bookmesh/kernel";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    await delay(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      signal?.throwIfAborted(); // Node's own AbortError hides the reason
      throw error;
    });
  },
};
