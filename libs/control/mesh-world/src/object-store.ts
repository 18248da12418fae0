import type { KubeObject } from "@bookmesh/kube-api";
import type { FollowEvent } from "@bookmesh/kube-client";

/** The objects of one resource, as the last events left them. */
export interface ObjectStore<T extends KubeObject> {
  /** Takes an event; says whether anything that is kept became different. */
  apply(event: FollowEvent<T>): boolean;
  /** All objects, ordered by namespace and name; the same array until something changes. */
  list(): readonly T[];
}

interface Entry<T> {
  readonly object: T;
  readonly text: string;
}

/** An empty store. It compares contents, so give it objects without `resourceVersion`. */
export function objectStore<T extends KubeObject>(): ObjectStore<T> {
  const entries = new Map<string, Entry<T>>();
  let sorted: readonly T[] | undefined;
  return {
    apply(event) {
      const changed = applyTo(entries, event);
      if (changed) sorted = undefined;
      return changed;
    },
    list() {
      sorted ??= [...entries]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { object }]) => object);
      return sorted;
    },
  };
}

function applyTo<T extends KubeObject>(entries: Map<string, Entry<T>>, event: FollowEvent<T>): boolean {
  if (event.kind === "stored") return store(entries, event.object);
  if (event.kind === "deleted") return entries.delete(keyOf(event.object));
  const present = new Set(event.objects.map(keyOf));
  const gone = [...entries.keys()].filter((key) => !present.has(key));
  for (const key of gone) entries.delete(key);
  const changed = event.objects.filter((object) => store(entries, object));
  return gone.length > 0 || changed.length > 0;
}

function store<T extends KubeObject>(entries: Map<string, Entry<T>>, object: T): boolean {
  const key = keyOf(object);
  const text = JSON.stringify(object);
  if (entries.get(key)?.text === text) return false;
  entries.set(key, { object, text });
  return true;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
