import { apiVersionOf, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { objectsOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { formatFieldSet, isEmptySet, parseFieldSet, type FieldSet } from "./field-set.ts";

/** Who writes, as what, and when: an entry of `managedFields`. */
export interface FieldManager {
  readonly manager: string;
  readonly subresource?: string;
  readonly nowMs: number;
}

/** An entry of `metadata.managedFields`. Source: Kubernetes API, `meta/v1.ManagedFieldsEntry`. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  readonly fields: FieldSet;
}

/** The entries of an object. */
export function readManagedFields({ metadata }: KubeObject): readonly ManagedFields[] {
  return objectsOf(metadata.managedFields).map((entry) => ({
    manager: textOf(entry["manager"]),
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    apiVersion: textOf(entry["apiVersion"]),
    time: textOf(entry["time"]),
    subresource: textOf(entry["subresource"]),
    fields: parseFieldSet(entry["fieldsV1"]),
  }));
}

/** The object with other entries; those without fields are left out, and applied ones come first. */
export function withManagedFields(object: KubeObject, entries: readonly ManagedFields[]): KubeObject {
  const kept = entries.filter(({ fields }) => !isEmptySet(fields));
  const ordered = [
    ...kept.filter(({ operation }) => operation === "Apply"),
    ...kept.filter(({ operation }) => operation === "Update"),
  ];
  return { ...object, metadata: { ...object.metadata, managedFields: ordered.map(formatEntry) } };
}

/** The entry of a manager as it writes now. */
export function entryOf(
  kind: ResourceRef,
  by: FieldManager,
  { operation, fields }: Pick<ManagedFields, "operation" | "fields">,
): ManagedFields {
  return {
    manager: by.manager,
    operation,
    apiVersion: apiVersionOf(kind),
    time: `${new Date(by.nowMs).toISOString().slice(0, 19)}Z`,
    subresource: by.subresource ?? "",
    fields,
  };
}

/** Says whether two entries are of one manager writing in one way. */
export function isSameManager(left: ManagedFields, right: ManagedFields): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    left.subresource === right.subresource &&
    (left.operation === "Apply" || left.apiVersion === right.apiVersion)
  );
}

function formatEntry({
  manager,
  operation,
  apiVersion,
  time,
  subresource,
  fields,
}: ManagedFields): JsonObject {
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: formatFieldSet(fields),
    ...(subresource !== "" && { subresource }),
  };
}
