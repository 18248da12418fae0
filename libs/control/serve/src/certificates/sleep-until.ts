import type { Clock } from "@bookmesh/kernel";

/** Timers hold 24 days at most, and a machine that slept must notice the time soon. */
const LONGEST_SLEEP_MS = 3_600_000;

/** Resolves at `timeMs`, however far that is; rejects with the signal's reason. */
export async function sleepUntil(
  timeMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    const leftMs = timeMs - clock.now();
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(leftMs, LONGEST_SLEEP_MS), signal);
  }
}
