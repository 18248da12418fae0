import { messageOf, backoffMs, type Clock, type Random } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";

/** What a reconciler runs on. */
export interface ReconcilePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const RETRY = { initialMs: 100, maxMs: 10_000 } as const;

/** Whether a reconciler has reached its aim, or waits for somebody else and looks again soon. */
export type Progress = "done" | "waiting";

/**
 * Returns a trigger that runs `reconcile` until it is done: never twice at a time, once more when it was triggered
 * meanwhile, after a growing pause when it waits or failed.
 */
export function reconciler(
  name: string,
  reconcile: () => Promise<Progress>,
  ports: ReconcilePorts,
): () => void {
  const { clock, random, log, signal } = ports;
  let due = false;
  let running = false;
  const isDue = () => due && !signal.aborted;

  const run = async () => {
    running = true;
    let tries = 0;
    while (isDue()) {
      due = false;
      const progress = await reconcile().catch((error: unknown): Progress => {
        if (!signal.aborted)
          log.warn({ reason: messageOf(error) }, `${name} failed and will be tried again.`);
        return "waiting";
      });
      if (progress === "done") continue;
      due = true;
      await clock.sleep(backoffMs(tries++, RETRY, random), signal).catch(() => undefined); // aborted: the loop ends
    }
    running = false;
  };
  return () => {
    due = true;
    if (!running) void run();
  };
}

/** Calls `attempt` until it succeeds, with growing pauses; throws only the signal's reason. */
export async function persist<T>(
  name: string,
  attempt: () => Promise<T>,
  { clock, random, log, signal }: ReconcilePorts,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ reason: messageOf(error) }, `${name} failed and will be tried again.`);
      await clock.sleep(backoffMs(failures, RETRY, random), signal);
    }
  }
}
