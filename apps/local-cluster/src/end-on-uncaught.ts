/** How long the end may take after a bug: a little more than pods have. */
const END_WITHIN_MS = 6000;

/** What this needs of a process. */
export interface FailingProcess {
  on(event: "uncaughtException" | "unhandledRejection", listener: (error: unknown) => void): unknown;
  readonly stderr: { write(text: string): unknown };
  exit(code: number): void;
}

/** The last resort: an error that nobody caught is told with its stack, `stop` ends the pods, and the exit code is 1. */
export function endOnUncaught(stop: () => Promise<void>, owner: FailingProcess = process): void {
  let isEnding = false;
  const end = (error: unknown) => {
    const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
    owner.stderr.write(`The local cluster ends because of an error that nobody handled:\n${story}\n`);
    if (isEnding) return; // one more on the way down
    isEnding = true;
    setTimeout(() => owner.exit(1), END_WITHIN_MS).unref();
    const exit = () => owner.exit(1);
    stop().then(exit, exit);
  };
  owner.on("uncaughtException", end);
  owner.on("unhandledRejection", end);
}
