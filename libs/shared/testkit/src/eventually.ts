import { setTimeout as delay } from "node:timers/promises";

/** How patient `eventually` is. */
export interface Patience {
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Default 50. */
  readonly intervalMs?: number;
}

/** Calls `attempt` until it does not throw, and returns its value; throws its last error when patience ends. */
export async function eventually<T>(attempt: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const { timeoutMs = 10_000, intervalMs = 50 } = patience;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(intervalMs);
  }
}
