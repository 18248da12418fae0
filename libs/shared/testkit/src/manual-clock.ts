import type { Clock } from "@bookmesh/kernel";

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves time on and wakes the sleepers whose time has come, in the order of their times. */
  advance(ms: number): Promise<void>;
}

/** A clock that begins at `startMs`. */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: nowMs + ms, wake: resolve });
        signal?.addEventListener("abort", () => reject(abortReason(signal)), { once: true });
      }),
    async advance(ms) {
      nowMs += ms;
      sleepers.sort((one, other) => one.at - other.at);
      while (sleepers[0] && sleepers[0].at <= nowMs) sleepers.shift()?.wake();
      await Promise.resolve();
    },
  };
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}
