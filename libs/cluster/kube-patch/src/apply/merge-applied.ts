import { isObject, type JsonObject, type Schema } from "@bookmesh/kube-model";
import { isEmptySet, NO_FIELDS, type FieldSet } from "./field-set.ts";
import { entryKey, partsOf, structureOf } from "./structure.ts";

/** The live value with what is applied laid over it. */
export function mergeApplied(schema: Schema, live: unknown, applied: unknown): unknown {
  const structure = structureOf(schema, applied);
  if (structure === "atomic" || structureOf(schema, live) !== structure) return applied;
  const before = partsOf(schema, live);
  const merged = new Map<string, unknown>();
  for (const [key, part] of partsOf(schema, applied)) {
    merged.set(key, mergeApplied(part.schema, before.get(key)?.value, part.value));
  }
  if (structure !== "fields") {
    // What is applied gives the order; what others added follows.
    for (const [key, part] of before) if (!merged.has(key)) merged.set(key, part.value);
    return [...merged.values()];
  }
  const all = [...before].map(
    ([key, part]) => [key, merged.has(key) ? merged.get(key) : part.value] as const,
  );
  const added = [...merged].filter(([key]) => !before.has(key));
  return Object.fromEntries([...all, ...added].map(([key, value]) => [key.slice(2), value]));
}

/** The value without the fields of a set; what becomes empty by that goes too. */
export function removeFields(schema: Schema, value: unknown, fields: FieldSet): unknown {
  if (Array.isArray(value)) return removeEntries(schema, value, fields);
  return isObject(value) ? removeFromObject(schema, value, fields) : value;
}

function removeFromObject(schema: Schema, object: JsonObject, fields: FieldSet): JsonObject {
  const parts = partsOf(schema, object);
  const kept = Object.entries(object).flatMap(([name, value]): (readonly [string, unknown])[] => {
    const below = fields.children.get(`f:${name}`) ?? NO_FIELDS;
    if (isEmptySet(below)) return [[name, value]];
    if (below.isMember && below.children.size === 0) return [];
    const rest = removeFields(parts.get(`f:${name}`)?.schema ?? {}, value, below);
    return isHollow(rest) ? [] : [[name, rest]];
  });
  return Object.fromEntries(kept);
}

function removeEntries(schema: Schema, list: readonly unknown[], fields: FieldSet): readonly unknown[] {
  return list.flatMap((entry) => {
    const below = fields.children.get(entryKey(schema, entry)) ?? NO_FIELDS;
    if (below.isMember) return [];
    return [isEmptySet(below) ? entry : removeFields(schema.items ?? {}, entry, below)];
  });
}

function isHollow(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
