import { conflict, forbidden, notFound, type ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { inVersion } from "./catalog.ts";
import { timestamp } from "./object-meta.ts";
import { orphanDependents } from "./orphans.ts";
import { strategyOf, type Registry } from "./registry.ts";
import type { RequestContext } from "./request-context.ts";

/** The finalizer that the garbage collector takes off when all that belonged to the object is gone. */
const FOREGROUND = "foregroundDeletion";

/** Source: Kubernetes API, `meta/v1.DeleteOptions`. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly dryRun?: boolean;
}

/** A request to delete one object. */
export interface Deletion {
  readonly kind: ResourceKind;
  readonly key: ObjectKey;
  readonly options: DeleteOptions;
  readonly context: RequestContext;
}

/** What became of it: `removed` is false while finalizers, a grace period or the kind itself hold it. */
export interface DeletionOutcome {
  readonly object: KubeObject;
  readonly removed: boolean;
}

/** Deletes an object, or marks it as waiting for its deletion. */
export async function deleteObject(registry: Registry, deletion: Deletion): Promise<DeletionOutcome> {
  const { kind, key, context } = deletion;
  const before = checked(registry, deletion);
  const oldObject = inVersion(kind, before);
  await registry.admission.validate({ kind, operation: "DELETE", ...key, oldObject, context });
  const current = checked(registry, deletion); // others may have written while admission was asked
  const marked = mark(registry, deletion, current);
  const removed = !isHeld(registry, kind, marked);
  if (context.dryRun) return { object: inVersion(kind, marked), removed };
  if (deletion.options.propagationPolicy === "Orphan") orphanDependents(registry, current);
  if (removed) return { object: registry.store.remove(kind, current, marked), removed };
  const object = marked === current ? current : registry.store.put(kind, marked, current);
  return { object: inVersion(kind, object), removed };
}

function checked(registry: Registry, { kind, key, options }: Deletion): KubeObject {
  const current = registry.store.get(kind, key);
  if (current === undefined) throw notFound(kind, key.name);
  const { uid = "", resourceVersion = "" } = current.metadata;
  const named = { group: kind.group, plural: kind.kind };
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(named, key.name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(named, key.name, why);
  }
  const refusal = strategyOf(registry, kind).refuseDelete?.(key);
  if (refusal !== undefined) throw forbidden(kind, key.name, refusal);
  return current;
}

/** The object with its deletion time and with what keeps it until its dependents are gone, where that is wanted. */
function mark(registry: Registry, deletion: Deletion, current: KubeObject): KubeObject {
  const timed = markTime(registry, deletion, current);
  const { finalizers = [] } = timed.metadata;
  if (deletion.options.propagationPolicy !== "Foreground" || finalizers.includes(FOREGROUND)) return timed;
  return { ...timed, metadata: { ...timed.metadata, finalizers: [...finalizers, FOREGROUND] } };
}

/** The object with its deletion time, unless it already waits for an earlier or the same one. */
function markTime(registry: Registry, { kind, options }: Deletion, current: KubeObject): KubeObject {
  const strategy = strategyOf(registry, kind);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, generation } = current.metadata;
  const grace = strategy.gracePeriodSeconds?.(current, options.gracePeriodSeconds) ?? 0;
  if (deletionTimestamp !== undefined && deletionGracePeriodSeconds <= grace) return current;
  const metadata = {
    ...current.metadata,
    deletionTimestamp: timestamp(registry.clock.now() + grace * 1000),
    deletionGracePeriodSeconds: grace,
    ...(generation === undefined || deletionTimestamp !== undefined ? {} : { generation: generation + 1 }),
  };
  const marked = { ...current, metadata };
  return strategy.markDeleted?.(marked) ?? marked;
}

function isHeld(registry: Registry, kind: ResourceKind, object: KubeObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  if (finalizers.length > 0 || deletionGracePeriodSeconds > 0) return true;
  return strategyOf(registry, kind).isHeld?.(object) === true;
}
