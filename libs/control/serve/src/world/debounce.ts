import type { Clock } from "@bookmesh/kernel";

/** After a call, changes are gathered until this long nothing changed… */
const QUIET_MS = 100;
/** …but no longer than this. */
const MAX_WAIT_MS = 1_000;

/**
 * Returns a trigger that calls `act` at once while all is quiet, and gathers what follows closely.
 * Nothing runs while nothing changes.
 */
export function debounced(act: () => void, clock: Clock, signal: AbortSignal): () => void {
  let firstMs: number | undefined;
  let lastMs = 0;
  let running = false;

  const gather = async () => {
    await clock.sleep(QUIET_MS, signal);
    for (;;) {
      if (firstMs === undefined) return;
      const nowMs = clock.now();
      const leftMs = Math.min(lastMs + QUIET_MS, firstMs + MAX_WAIT_MS) - nowMs;
      if (leftMs <= 0) return;
      await clock.sleep(leftMs, signal);
    }
  };
  const run = async () => {
    running = true;
    while (firstMs !== undefined) {
      firstMs = undefined;
      act();
      await gather();
    }
    running = false;
  };
  return () => {
    lastMs = clock.now();
    firstMs ??= lastMs;
    // The only rejection is the signal's: then nothing is to be done any more.
    if (!running) run().catch(() => undefined);
  };
}
