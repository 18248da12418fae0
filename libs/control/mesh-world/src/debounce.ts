import type { Clock } from "@bookmesh/kernel";

/** What is done after changes, and when it may wait. */
export interface Debounced {
  readonly act: () => void;
  /** Asked at the first change of a quiet mesh: whether more is likely to follow at once. */
  readonly expectsMore: () => boolean;
  /** Told what `act` or `expectsMore` threw; the next change is acted on all the same. */
  readonly onFailure: (error: unknown) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Changes are gathered until this long nothing changed… */
const QUIET_MS = 100;
/** …but no longer than this. */
const MAX_WAIT_MS = 1_000;

/**
 * Returns a trigger that acts at once while all is quiet, and gathers what follows closely.
 * Nothing runs while nothing changes.
 */
export function debounced({ act, expectsMore, onFailure, clock, signal }: Debounced): () => void {
  let firstMs: number | undefined;
  let lastMs = 0;
  let running = false;

  const gather = async () => {
    await clock.sleep(QUIET_MS, signal);
    while (firstMs !== undefined) {
      const leftMs = Math.min(lastMs + QUIET_MS, firstMs + MAX_WAIT_MS) - clock.now();
      if (leftMs <= 0) return;
      await clock.sleep(leftMs, signal);
    }
  };
  const guarded = <T>(call: () => T): T | undefined => {
    try {
      return call();
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  };
  const run = async () => {
    running = true;
    if (guarded(expectsMore) === true) await gather();
    while (firstMs !== undefined) {
      firstMs = undefined;
      guarded(act);
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
