import { createContext, Script } from "node:vm";

/** Does something, unless it takes too long; `undefined` then. */
export type TimeLimit = <T>(work: () => T) => T | undefined;

/** Ends what takes longer than `limitMs`, whatever it does: a loop, a pattern that goes back and forth. */
export function timeLimit(limitMs: number): TimeLimit {
  const surroundings: { work: () => unknown } = { work: () => undefined };
  const context = createContext(surroundings);
  const script = new Script("work()");
  return (work) => {
    let result: { readonly value: ReturnType<typeof work> } | undefined;
    surroundings.work = () => void (result = { value: work() });
    try {
      script.runInContext(context, { timeout: limitMs });
    } catch (error) {
      if (!isTimeout(error)) throw error;
    }
    return result?.value;
  };
}

/** Told by its code: it is no `Error` of ours. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
