/** How often a property is tried, and from which seed, in fast-check's words. */
export interface PropertyRuns {
  readonly numRuns: number;
  readonly seed: number;
}

/** The seed of an ordinary run: the same cases each time. */
const USUAL_SEED = 20_261_125;

/** `numRuns` tries in an ordinary run; a proof asks for more, and for others, by `PROPERTY_RUNS` and `PROPERTY_SEED`. */
export function propertyRuns(numRuns: number): PropertyRuns {
  return {
    numRuns: Number(process.env["PROPERTY_RUNS"] ?? numRuns),
    seed: Number(process.env["PROPERTY_SEED"] ?? USUAL_SEED),
  };
}
