/** Where time comes from. Tests and simulations pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where chance comes from: a number from 0 (included) to 1 (excluded), like `Math.random`. */
export type Random = () => number;
