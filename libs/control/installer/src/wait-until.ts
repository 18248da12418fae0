import type { Clock } from "@bookmesh/kernel";

/** How long to wait, and by which clock. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** What one look at the world says: done, or the end of the sentence "It did not happen in time: …". */
export type Look<T> = { readonly done: T } | { readonly waitingFor: string };

const INTERVAL_MS = 100;

/** Looks until it is done. Throws, with what the last look said, when the time is over. */
export async function waitUntil<T>(
  what: string,
  { clock, signal, timeoutMs }: Patience,
  look: () => Promise<Look<T>>,
): Promise<T> {
  const deadlineMs = clock.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if ("done" in seen) return seen.done;
    if (clock.now() >= deadlineMs) {
      throw new Error(`${what} within ${timeoutMs / 1000} s: ${seen.waitingFor}.`);
    }
    await clock.sleep(INTERVAL_MS, signal);
  }
}
