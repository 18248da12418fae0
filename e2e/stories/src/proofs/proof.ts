import type { Target } from "../harness/platform.ts";

/** What a proof found. */
export interface ProofResult {
  /** One sentence: what was to be shown. */
  readonly claim: string;
  readonly holds: boolean;
  /** Counts and figures, each with its unit in its name. */
  readonly figures: readonly (readonly [name: string, value: number | string])[];
}

/** How a proof is made. */
export interface ProofOptions {
  /** At most a minute, rather than in full. */
  readonly short: boolean;
  readonly target: Target;
}

/** Counts. */
export type Proof = (options: ProofOptions) => Promise<ProofResult>;
