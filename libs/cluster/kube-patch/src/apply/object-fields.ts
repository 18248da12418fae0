import { equalJson, type JsonObject, type Schema } from "@bookmesh/kube-model";
import { NO_FIELDS, ONE_FIELD, parseFieldSet, subtract, type FieldSet } from "./field-set.ts";
import { partsOf, structureOf } from "./structure.ts";

/** Fields that nobody manages: what an object is, and what the server sets. */
const UNMANAGED = parseFieldSet({
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    "f:name": {},
    "f:namespace": {},
    "f:creationTimestamp": {},
    "f:selfLink": {},
    "f:uid": {},
    "f:generation": {},
    "f:resourceVersion": {},
    "f:deletionTimestamp": {},
    "f:deletionGracePeriodSeconds": {},
    "f:managedFields": {},
  },
});

/** The fields that an applied object names. */
export function appliedFields(schema: Schema, object: JsonObject): FieldSet {
  return subtract(fieldsOf(schema, object), UNMANAGED);
}

/** The fields that differ between two states, new ones included, with the lists and maps that appeared. */
export function changedFields(schema: Schema, object: JsonObject, previous: JsonObject): FieldSet {
  return subtract(differences(schema, object, previous), UNMANAGED);
}

/** The fields of `previous` that `object` does not have any more. */
export function removedFields(schema: Schema, object: JsonObject, previous: JsonObject): FieldSet {
  return subtract(containedFields(schema, previous), containedFields(schema, object));
}

/** Leaves and list entries; a struct or map itself only where it is empty. */
function fieldsOf(schema: Schema, value: unknown): FieldSet {
  const parts = [...partsOf(schema, value)];
  if (parts.length === 0) return ONE_FIELD;
  const children = parts.map(([key, part]) => {
    const inner = fieldsOf(part.schema, part.value);
    return [key, key.startsWith("k:") ? { ...inner, isMember: true } : inner] as const;
  });
  return { isMember: false, children: new Map(children) };
}

/** As `fieldsOf`, and every list and map itself. */
function containedFields(schema: Schema, value: unknown): FieldSet {
  const children = [...partsOf(schema, value)].map(
    ([key, part]) => [key, containedFields(part.schema, part.value)] as const,
  );
  return { isMember: true, children: new Map(children) };
}

function differences(schema: Schema, value: unknown, previous: unknown): FieldSet {
  if (equalJson(value, previous)) return NO_FIELDS;
  const parts = partsOf(schema, value);
  if (parts.size === 0) return ONE_FIELD;
  const before = partsOf(schema, previous);
  const children: [string, FieldSet][] = [];
  for (const [key, part] of parts) {
    const inner = differences(part.schema, part.value, before.get(key)?.value);
    const isNewEntry = key.startsWith("k:") && !before.has(key);
    if (inner !== NO_FIELDS) children.push([key, isNewEntry ? { ...inner, isMember: true } : inner]);
  }
  const isNew = previous === undefined && isCollection(schema, value);
  return { isMember: isNew, children: new Map(children) };
}

/** Lists and maps are fields of their own; structs are only the sum of theirs. */
function isCollection(schema: Schema, value: unknown): boolean {
  return structureOf(schema, value) !== "fields" || schema.properties === undefined;
}
