import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "@bookmesh/kube-api";
import type { FollowEvent } from "@bookmesh/kube-client";

/** The objects of one resource, as the last events left them. */
export interface ObjectStore<T extends KubeObject> {
  /** Takes an event; says whether anything that is kept became different. */
  apply(event: FollowEvent<T>): boolean;
  /** All objects, ordered by namespace and name; the same array until something changes. */
  list(): readonly T[];
  /** The object of the same namespace and name. */
  get(object: KubeObject): T | undefined;
}

/** An empty store. It compares contents, so give it objects without `resourceVersion`. */
export function objectStore<T extends KubeObject>(): ObjectStore<T> {
  const objects = new Map<string, T>();
  let keys: readonly string[] | undefined;
  let listed: readonly T[] | undefined;
  return {
    apply(event) {
      const sizeBefore = objects.size;
      const { changed, gone } = applyTo(objects, event);
      if (!changed && !gone) return false;
      listed = undefined;
      if (gone || objects.size !== sizeBefore) keys = undefined;
      return true;
    },
    list() {
      keys ??= [...objects.keys()].sort();
      listed ??= keys.flatMap((key) => objects.get(key) ?? []);
      return listed;
    },
    get: (object) => objects.get(keyOf(object)),
  };
}

/** The same event of other objects. */
export function mapEvent<T extends KubeObject>(
  event: FollowEvent<T>,
  transform: (object: T) => T,
): FollowEvent<T> {
  return event.kind === "replaced"
    ? { kind: event.kind, objects: event.objects.map(transform) }
    : { kind: event.kind, object: transform(event.object) };
}

/** Whether objects were stored that are new or differ, and whether any went. */
interface Applied {
  readonly changed: boolean;
  readonly gone: boolean;
}

function applyTo<T extends KubeObject>(objects: Map<string, T>, event: FollowEvent<T>): Applied {
  if (event.kind === "stored") return { changed: store(objects, event.object), gone: false };
  if (event.kind === "deleted") return { changed: false, gone: objects.delete(keyOf(event.object)) };
  const present = new Set(event.objects.map(keyOf));
  const gone = [...objects.keys()].filter((key) => !present.has(key));
  for (const key of gone) objects.delete(key);
  const changed = event.objects.filter((object) => store(objects, object));
  return { changed: changed.length > 0, gone: gone.length > 0 };
}

function store<T extends KubeObject>(objects: Map<string, T>, object: T): boolean {
  const key = keyOf(object);
  const before = objects.get(key);
  if (before !== undefined && isDeepStrictEqual(before, object)) return false;
  objects.set(key, object);
  return true;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
