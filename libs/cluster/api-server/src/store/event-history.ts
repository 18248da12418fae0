import type { KubeObject } from "@bookmesh/kube-api";
import type { Database } from "./database.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { StoreEvent } from "./store-event.ts";

/** How many events are kept: enough for a client that was away for minutes, little enough to load at a start. */
const MAX_EVENTS = 10_000;
/** How many more may gather before the oldest are forgotten in one go. */
const FORGET_BATCH = 500;

/** The last events of a store, in memory and in its database. */
export interface EventHistory {
  newestVersion(): number;
  /** A watch can start from here, and from every later version. */
  oldestVersion(): number;
  /** The events after `version`; `undefined` when some have been forgotten. */
  after(version: number): readonly StoreEvent[] | undefined;
  /** Takes an event that is already in the database. */
  append(event: StoreEvent): void;
}

/** Reads the history that `database` holds. */
export function eventHistory(database: Database): EventHistory {
  const events = load(database);
  const newestVersion = () => events.at(-1)?.version ?? 0;
  const oldestVersion = () => (events[0]?.version ?? 1) - 1;
  return {
    newestVersion,
    oldestVersion,
    after(version) {
      if (version < oldestVersion()) return undefined;
      return events.slice(firstAfter(events, version));
    },
    append(event) {
      events.push(event);
      if (events.length < MAX_EVENTS + FORGET_BATCH) return;
      const forgotten = events.splice(0, events.length - MAX_EVENTS);
      database.forgetUntil(forgotten.at(-1)?.version ?? 0);
    },
  };
}

/** The database keeps no previous states: they are found again in the event before, as far as that is kept. */
function load(database: Database): StoreEvent[] {
  const newest = new Map<string, KubeObject>();
  return Array.from(database.events(), (event) => {
    const { namespace = "", name } = event.object.metadata;
    const key = `${event.resource}/${namespace}/${name}`;
    const object = deepFreeze(event.object);
    const previous = newest.get(key);
    if (event.type === "DELETED") newest.delete(key);
    else newest.set(key, object);
    return { ...event, object, ...(previous ? { previous } : {}) };
  });
}

function firstAfter(events: readonly StoreEvent[], version: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.version ?? 0) <= version) low = middle + 1;
    else high = middle;
  }
  return low;
}
