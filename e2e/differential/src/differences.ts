import type { Difference } from "./harness/comparison.ts";

/** Where our API does otherwise than a real one, and why. What is not here must be the same. */
export const DIFFERENCES: readonly Difference[] = [];
