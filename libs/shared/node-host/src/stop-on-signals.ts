/** What a program needs to end well. */
export interface Shutdown {
  /** Aborted at the first SIGTERM or SIGINT. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly requested: Promise<void>;
}

/** Turns SIGTERM and SIGINT into an abort signal. A second signal ends the process at once, with exit code 1. */
export function stopOnSignals(): Shutdown {
  const controller = new AbortController();
  const requested = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(new Error(`Stopped by ${name}`));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return { signal: controller.signal, requested };
}
