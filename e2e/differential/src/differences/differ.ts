import type { Difference } from "../harness/comparison.ts";

/** A reason that several cases share. */
export const JSON_WORDS = "A broken JSON text is told of in the words of this machine's JSON reader.";

/** Steps of a case that differ for one reason. */
export function differ(title: string, reason: string, steps: readonly string[]): readonly Difference[] {
  return steps.map((step) => ({ title, step, reason }));
}
