import type { Random } from "./ports.ts";

/** How long to wait before a try, growing from try to try. */
export interface BackoffLimits {
  readonly initialMs: number;
  readonly maxMs: number;
}

/**
 * The wait before try number `attempt` (0 is the first wait): exponential, with full jitter on its upper half,
 * so that many clients of one server do not come back together.
 */
export function backoffMs(attempt: number, { initialMs, maxMs }: BackoffLimits, random: Random): number {
  const ceiling = Math.min(maxMs, initialMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (ceiling / 2) * random();
}
