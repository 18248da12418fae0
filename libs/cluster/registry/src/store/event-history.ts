import type { KubeObject } from "@bookmesh/kube-api";
import type { Database } from "./database.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { StoreEvent } from "./store-event.ts";

/** How many events are kept: enough for a client that was away for minutes, little enough to load at a start. */
const MAX_EVENTS = 10_000;
/** Large objects count by their size, so that the history fits into memory. */
const MAX_CHARACTERS = 128 * 1024 * 1024;
/** How many more may gather before the oldest are forgotten in one go. */
const FORGET_BATCH = 500;

/** The last events of a store, in memory and in its database. */
export interface EventHistory {
  newestVersion(): number;
  /** A watch can start from here, and from every later version. */
  oldestVersion(): number;
  /** The events after `version`; `undefined` when some have been forgotten. */
  after(version: number): readonly StoreEvent[] | undefined;
  /** Takes an event that is already in the database, with the length of its JSON. */
  append(event: StoreEvent, characters: number): void;
}

/** Reads the history that `database` holds. */
export function eventHistory(database: Database): EventHistory {
  const { events, sizes } = load(database);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const newestVersion = () => events.at(-1)?.version ?? 0;
  const oldestVersion = () => (events[0]?.version ?? 1) - 1;
  return {
    newestVersion,
    oldestVersion,
    after(version) {
      if (version < oldestVersion()) return undefined;
      return events.slice(firstAfter(events, version));
    },
    append(event, characters) {
      events.push(event);
      sizes.push(characters);
      total += characters;
      const surplus = surplusOf(sizes, total);
      if (surplus === 0) return;
      total -= sizes.splice(0, surplus).reduce((sum, size) => sum + size, 0);
      database.forgetUntil(events.splice(0, surplus).at(-1)?.version ?? 0);
    },
  };
}

/** How many of the oldest events must go; the newest always stays, for it holds the store's version. */
function surplusOf(sizes: readonly number[], total: number): number {
  if (total <= MAX_CHARACTERS)
    return sizes.length < MAX_EVENTS + FORGET_BATCH ? 0 : sizes.length - MAX_EVENTS;
  let left = total;
  const fitting = sizes.findIndex((size) => (left -= size) <= MAX_CHARACTERS / 2);
  return Math.max(0, Math.min(fitting + 1, sizes.length - 1));
}

/** The database keeps no previous states: they are found again in the event before, as far as that is kept. */
function load(database: Database): { readonly events: StoreEvent[]; readonly sizes: number[] } {
  const newest = new Map<string, KubeObject>();
  const sizes: number[] = [];
  const events = Array.from(database.events(), ({ characters, ...event }) => {
    sizes.push(characters);
    const { namespace = "", name } = event.object.metadata;
    const key = `${event.resource}/${namespace}/${name}`;
    const object = deepFreeze(event.object);
    const previous = newest.get(key);
    if (event.type === "DELETED") newest.delete(key);
    else newest.set(key, object);
    return { ...event, object, ...(previous ? { previous } : {}) };
  });
  return { events, sizes };
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
