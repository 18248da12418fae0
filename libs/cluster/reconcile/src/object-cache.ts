import type { ObjectKey, ResourceAccess } from "@bookmesh/cluster-api";
import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import { keyOf, nameOf } from "./object-name.ts";

/** One change of an object. `previous` is absent for an object that is new to the cache. */
export interface ObjectChange<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  readonly previous?: T;
}

/** The objects of one resource as they are now, kept up to date by following the API. */
export interface ObjectCache<T> {
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): readonly T[];
  /** Calls `listener` with an ADDED change for each object there is, then with every change. */
  onChange(listener: (change: ObjectChange<T>) => void): void;
  stop(): void;
}

/** Follows `resource`. The cache is complete when this returns. */
export function objectCache<T extends KubeObject>(
  access: ResourceAccess,
  resource: ResourceRef,
): ObjectCache<T> {
  const objects = new Map<string, T>();
  const listeners: ((change: ObjectChange<T>) => void)[] = [];
  const stop = access.follow<T>(resource, ({ type, object }) => {
    if (type === "BOOKMARK" || type === "ERROR") return;
    const name = nameOf(keyOf(object));
    const previous = objects.get(name);
    if (type === "DELETED") objects.delete(name);
    else objects.set(name, object);
    const change = previous === undefined ? { type, object } : { type, object, previous };
    for (const listener of listeners) listener(change);
  });
  return {
    get: (key) => objects.get(nameOf(key)),
    list: (namespace) =>
      [...objects.values()].filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      ),
    onChange(listener) {
      for (const object of objects.values()) listener({ type: "ADDED", object });
      listeners.push(listener);
    },
    stop,
  };
}
