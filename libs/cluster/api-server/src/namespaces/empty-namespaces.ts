import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { ApiError } from "../api-error.ts";
import { CONTROLLERS } from "../auth/caller.ts";
import { deleteObject } from "../registry/delete.ts";
import { modifyObject } from "../registry/modify.ts";
import { keyOf, type Registry } from "../registry/registry.ts";
import type { RequestContext } from "../registry/request-context.ts";
import { storageKey, type StoreEvent } from "../store/store-event.ts";

const CONTEXT: RequestContext = {
  caller: CONTROLLERS,
  dryRun: false,
  fieldManager: "kube-controller-manager",
  fieldValidation: "Ignore",
  force: false,
  warn: () => undefined, // nobody is there to be warned
};

/**
 * Empties each namespace that is going away, and lets it go when nothing is left in it. It lives beside the store
 * because only the catalog knows every kind that a namespace may hold, custom ones included.
 */
export function emptyNamespaces(registry: Registry): void {
  const { store } = registry;
  const waiting = new Set<string>();
  const empty = (name: string) => {
    if (waiting.has(name)) return;
    waiting.add(name);
    setImmediate(() => {
      waiting.delete(name);
      void emptyNamespace(registry, name).catch((error: unknown) => {
        // Written at the same time, or gone: the event of that write has asked for another round.
        if (!(error instanceof ApiError)) throw error;
      });
    });
  };
  for (const { metadata } of store.list(RESOURCES.namespaces)) empty(metadata.name);
  store.subscribe((event) => {
    const name = namespaceOf(event);
    if (name !== undefined) empty(name);
  });
}

/** The namespace that an event may have brought nearer to its end. */
function namespaceOf({ type, resource, object }: StoreEvent): string | undefined {
  if (resource !== storageKey(RESOURCES.namespaces))
    return type === "DELETED" ? object.metadata.namespace : undefined;
  return object.metadata.deletionTimestamp === undefined || type === "DELETED"
    ? undefined
    : object.metadata.name;
}

async function emptyNamespace(registry: Registry, namespace: string): Promise<void> {
  const { store, catalog } = registry;
  const home = store.get(RESOURCES.namespaces, { name: namespace });
  if (home?.metadata.deletionTimestamp === undefined) return;
  let left = 0;
  for (const kind of catalog.rows()) {
    if (!kind.namespaced) continue;
    for (const object of store.list(kind, namespace)) {
      if (object.metadata.deletionTimestamp !== undefined) left += 1;
      else if (
        !(await deleteObject(registry, { kind, key: keyOf(kind, object), options: {}, context: CONTEXT }))
          .removed
      )
        left += 1;
    }
  }
  if (left === 0) await release(registry, namespace);
}

async function release(registry: Registry, name: string): Promise<void> {
  const { group, version, plural } = RESOURCES.namespaces;
  const kind = registry.catalog.find(group, version, plural);
  if (kind === undefined) return;
  const change = (current: KubeObject): KubeObject => ({ ...current, spec: { finalizers: [] } });
  await modifyObject(registry, { kind, key: { name }, subresource: "finalize", context: CONTEXT, change });
}
