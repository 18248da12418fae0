/** What a proof found. */
export interface ProofResult {
  /** One sentence: what was to be shown. */
  readonly claim: string;
  readonly holds: boolean;
  /** Counts and figures, each with its unit in its name. */
  readonly figures: readonly (readonly [name: string, value: number | string])[];
}

/** Counts, in full or (at most a minute) in short. */
export type Proof = (short: boolean) => Promise<ProofResult>;
