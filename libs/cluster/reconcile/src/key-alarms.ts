import type { Clock } from "@bookmesh/kernel";

/** One alarm a key: of several that are set, the earliest holds. */
export interface KeyAlarms {
  set(key: string, delayMs: number): void;
  /** Forgets all alarms and takes no more. */
  stop(): void;
}

interface Alarm {
  readonly atMs: number;
  readonly controller: AbortController;
}

/** Alarms that call `ring` with their key. */
export function keyAlarms(clock: Clock, ring: (key: string) => void): KeyAlarms {
  const alarms = new Map<string, Alarm>();
  let stopped = false;
  return {
    set(key, delayMs) {
      const atMs = clock.now() + delayMs;
      const present = alarms.get(key);
      if (stopped || (present && present.atMs <= atMs)) return;
      present?.controller.abort();
      const controller = new AbortController();
      alarms.set(key, { atMs, controller });
      clock.sleep(delayMs, controller.signal).then(
        () => {
          alarms.delete(key);
          ring(key);
        },
        () => undefined, // an earlier alarm has taken its place, or all were stopped
      );
    },
    stop() {
      stopped = true;
      for (const { controller } of alarms.values()) controller.abort();
      alarms.clear();
    },
  };
}
