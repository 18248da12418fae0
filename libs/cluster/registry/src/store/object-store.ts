import { unavailable, type ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import { invariant } from "@bookmesh/kernel";
import { openDatabase, type Database } from "./database.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { eventHistory, type EventHistory } from "./event-history.ts";
import { storageKey, type StoreEvent } from "./store-event.ts";

type Resource = Parameters<typeof storageKey>[0];

/**
 * All objects, in memory and in a database file. Every write is in the file before anybody hears of it.
 * There is one counter of versions, as etcd has it: a version is a point in the history of the whole store.
 */
export interface ObjectStore {
  /** The version of the newest write. */
  version(): number;
  get(resource: Resource, key: ObjectKey): KubeObject | undefined;
  /** In the order of namespace and name. */
  list(resource: Resource, namespace?: string): readonly KubeObject[];
  /** The list as it was at `version`; `undefined` when the history does not reach back that far. */
  listAt(resource: Resource, version: number): readonly KubeObject[] | undefined;
  /** Writes a new object, or the successor of `previous`, which must be the newest state; answers what was stored. */
  put(resource: Resource, object: KubeObject, previous?: KubeObject): KubeObject;
  /** Removes `previous`, the newest state; `last` is what watchers see. */
  remove(resource: Resource, previous: KubeObject, last: KubeObject): KubeObject;
  /** The events after `version`, oldest first; `undefined` when some of them have been forgotten. */
  eventsAfter(version: number): readonly StoreEvent[] | undefined;
  /** The oldest version from which a watch can still start. */
  oldestVersion(): number;
  /** Calls `listener` with every write to come, in order, before the write returns. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
  setting(name: string): string | undefined;
  saveSetting(name: string, value: string): void;
  close(): void;
}

interface State {
  readonly database: Database;
  readonly history: EventHistory;
  readonly resources: Map<string, Map<string, KubeObject>>;
  readonly listeners: Set<(event: StoreEvent) => void>;
  isClosed: boolean;
}

/** Opens the store in `file`, with everything that earlier processes wrote. */
export function openObjectStore(file: string): ObjectStore {
  const database = openDatabase(file);
  const state: State = {
    database,
    history: eventHistory(database),
    resources: new Map(),
    listeners: new Set(),
    isClosed: false,
  };
  for (const { resource, object } of database.objects()) {
    table(state, resource).set(entryKey(object.metadata), deepFreeze(object));
  }
  return storeOf(state);
}

function storeOf(state: State): ObjectStore {
  const { database, history, listeners } = state;
  return {
    version: () => history.newestVersion(),
    oldestVersion: () => history.oldestVersion(),
    eventsAfter: (version) => history.after(version),
    get: (resource, key) => table(state, storageKey(resource)).get(entryKey(key)),
    list(resource, namespace) {
      const objects = sorted(table(state, storageKey(resource)));
      return namespace === undefined
        ? objects
        : objects.filter((each) => each.metadata.namespace === namespace);
    },
    listAt: (resource, version) => listAt(state, storageKey(resource), version),
    put: (resource, object, previous) =>
      write(state, previous ? "MODIFIED" : "ADDED", { resource: storageKey(resource), object, previous }),
    remove: (resource, previous, last) =>
      write(state, "DELETED", { resource: storageKey(resource), object: last, previous }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setting: (name) => database.setting(name),
    saveSetting: (name, value) => database.saveSetting(name, value),
    close() {
      state.isClosed = true;
      database.close();
    },
  };
}

function write(
  state: State,
  type: StoreEvent["type"],
  change: {
    readonly resource: string;
    readonly object: KubeObject;
    readonly previous: KubeObject | undefined;
  },
): KubeObject {
  if (state.isClosed) throw unavailable("the API server is closing");
  const { resource, previous } = change;
  const objects = table(state, resource);
  const key = entryKey(change.object.metadata);
  invariant(objects.get(key) === previous, "a write follows the newest state of its object");
  const version = state.history.newestVersion() + 1;
  const metadata = { ...change.object.metadata, resourceVersion: String(version) };
  const object = deepFreeze({ ...change.object, metadata });
  const event = { version, type, resource, object, ...(previous ? { previous } : {}) };
  const characters = state.database.append(event);
  if (type === "DELETED") objects.delete(key);
  else objects.set(key, object);
  state.history.append(event, characters);
  for (const listener of [...state.listeners]) listener(event);
  return object;
}

function listAt(state: State, resource: string, version: number): readonly KubeObject[] | undefined {
  const later = state.history.after(version);
  if (later === undefined) return undefined;
  const objects = new Map(table(state, resource));
  for (const event of later.toReversed()) {
    if (event.resource !== resource) continue;
    const key = entryKey(event.object.metadata);
    if (event.type === "ADDED") objects.delete(key);
    else if (event.previous === undefined) return undefined;
    else objects.set(key, event.previous);
  }
  return sorted(objects);
}

function table({ resources }: State, resource: string): Map<string, KubeObject> {
  const known = resources.get(resource);
  if (known) return known;
  const made = new Map<string, KubeObject>();
  resources.set(resource, made);
  return made;
}

/** Namespaces and names hold no "/", so the key orders by namespace first. */
function entryKey({ namespace = "", name }: ObjectKey): string {
  return `${namespace}/${name}`;
}

function sorted(objects: ReadonlyMap<string, KubeObject>): readonly KubeObject[] {
  return [...objects].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
}
