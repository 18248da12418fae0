import { err, ok, type Result } from "@bookmesh/kernel";
import { objectOf, type ResourceKind } from "@bookmesh/kube-model";
import {
  entryOf,
  isSameManager,
  readManagedFields,
  withManagedFields,
  type FieldManager,
  type ManagedFields,
} from "./managed-fields.ts";
import type { KubeObject } from "@bookmesh/kube-api";
import { intersect, isEmptySet, NO_FIELDS, pathsOf, subtract, union } from "./field-set.ts";
import { mergeApplied, removeFields } from "./merge-applied.ts";
import { appliedFields, changedFields, removedFields } from "./object-fields.ts";

/** A field that somebody else applied with another value. */
export interface ApplyConflict {
  /** As messages name it: `"one"`, `"two" using v1`, `"three" with subresource "status" using v1`. */
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
}

/** One server-side apply. */
export interface ApplyRequest {
  readonly kind: ResourceKind;
  /** The object as it is; `undefined` where it does not exist yet. */
  readonly live?: KubeObject;
  /** What the manager wants: decoded, not defaulted. */
  readonly applied: KubeObject;
  readonly by: FieldManager;
  readonly force: boolean;
}

/**
 * Merges what a manager applies into the live object: what it no longer applies, and nobody else owns, goes.
 * Conflicts with other managers are refused, or with `force` decided for this one.
 * Source: Kubernetes, "Server-Side Apply".
 */
export function serverSideApply(request: ApplyRequest): Result<KubeObject, readonly ApplyConflict[]> {
  const { kind, live, by, force } = request;
  const { schema } = kind;
  const applied = withoutForeignStatus(request);
  const fields = appliedFields(schema, applied);
  const mine = entryOf(kind, by, { operation: "Apply", fields });
  if (live === undefined) return ok(withManagedFields(applied, [mine]));

  const entries = readManagedFields(live);
  const others = entries.filter((entry) => !isSameManager(entry, mine));
  const contested = intersect(fields, changedFields(schema, applied, live));
  const conflicts = others.flatMap((other) => conflictsWith(other, contested));
  if (conflicts.length > 0 && !force) return err(conflicts);

  const before = entries.find((entry) => isSameManager(entry, mine))?.fields ?? NO_FIELDS;
  const kept = others.map((other) => ({ ...other, fields: subtract(other.fields, contested) }));
  const owned = kept.reduce((all, other) => union(all, other.fields), fields);
  const merged = mergeApplied(schema, live, applied);
  const pruned = objectOf(removeFields(schema, merged, subtract(before, owned)));
  // Laid over a live object, so it has what every object has.
  return ok(withManagedFields(pruned as KubeObject, [...kept, mine]));
}

/** Records who wrote by create, update or patch. `previous` is absent for a create. */
export function trackUpdate(
  change: { readonly kind: ResourceKind; readonly object: KubeObject; readonly previous?: KubeObject },
  by: FieldManager,
): KubeObject {
  const { kind, object, previous } = change;
  const changed = changedFields(kind.schema, object, previous ?? {});
  const gone = previous === undefined ? NO_FIELDS : removedFields(kind.schema, object, previous);
  const mine = entryOf(kind, by, { operation: "Update", fields: changed });
  const entries = previous === undefined ? [] : readManagedFields(previous);
  if (isEmptySet(changed) && isEmptySet(gone)) return withManagedFields(object, entries);
  const own = entries.find((entry) => isSameManager(entry, mine))?.fields ?? NO_FIELDS;
  const others = entries
    .filter((entry) => !isSameManager(entry, mine))
    .map((entry) => ({ ...entry, fields: subtract(subtract(entry.fields, changed), gone) }));
  return withManagedFields(object, [...others, { ...mine, fields: union(subtract(own, gone), changed) }]);
}

function conflictsWith(other: ManagedFields, contested: typeof NO_FIELDS): readonly ApplyConflict[] {
  const manager = titleOf(other);
  return pathsOf(intersect(other.fields, contested)).map((field) => ({ manager, field }));
}

function titleOf({ manager, subresource, operation, apiVersion }: ManagedFields): string {
  const part = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${part}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}

/** Where the status is written apart, an apply of the rest does not touch it. */
function withoutForeignStatus({ kind, applied, by }: ApplyRequest): KubeObject {
  const isApart = kind.subresources.includes("status") && by.subresource !== "status";
  if (!isApart || applied["status"] === undefined) return applied;
  const { apiVersion, kind: name, metadata } = applied;
  const others = Object.entries(applied).filter(([field]) => field !== "status");
  return { ...Object.fromEntries(others), apiVersion, kind: name, metadata };
}
