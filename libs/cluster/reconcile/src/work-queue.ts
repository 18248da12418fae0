import { backoffMs, type BackoffLimits, type Clock, type Random } from "@bookmesh/kernel";
import { keyAlarms } from "./key-alarms.ts";

/** What a queue needs to know about its work. */
export interface WorkQueueOptions {
  /** Brings the world of one key up to date. Throws to be called again after a back-off. */
  readonly sync: (key: string) => Promise<void>;
  readonly retry: BackoffLimits;
  /** How many keys are worked on at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every failed try. */
  readonly onFailure: (key: string, error: unknown) => void;
}

/** Keys that wait for work. A key waits once however often it is added, and is never worked on twice at a time. */
export interface WorkQueue {
  add(key: string): void;
  /** Adds `key` after `delayMs`; of several such requests the earliest holds. */
  addAfter(key: string, delayMs: number): void;
  stop(): void;
}

/** A queue that works as long as it is not stopped. Its size is bounded by the number of distinct keys. */
export function workQueue(options: WorkQueueOptions): WorkQueue {
  const { sync, retry, concurrency, clock, random, onFailure } = options;
  const waiting = new Set<string>();
  const working = new Set<string>();
  const attempts = new Map<string, number>();
  const alarms = keyAlarms(clock, add);
  let stopped = false;

  function pump(): void {
    for (const key of waiting) {
      if (stopped || working.size >= concurrency) return;
      if (working.has(key)) continue;
      waiting.delete(key);
      working.add(key);
      void work(key);
    }
  }

  async function work(key: string): Promise<void> {
    try {
      await sync(key);
      attempts.delete(key);
    } catch (error) {
      if (!stopped) onFailure(key, error);
      const attempt = attempts.get(key) ?? 0;
      attempts.set(key, attempt + 1);
      alarms.set(key, backoffMs(attempt, retry, random));
    } finally {
      working.delete(key);
      pump();
    }
  }

  function add(key: string): void {
    if (stopped) return;
    waiting.add(key);
    queueMicrotask(pump);
  }

  return {
    add,
    addAfter: (key, delayMs) => alarms.set(key, delayMs),
    stop() {
      stopped = true;
      waiting.clear();
      alarms.stop();
    },
  };
}
