/** Asks anew: the compiler takes an answer from before an `await` for good. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
