import { isObject, type JsonObject, type Schema } from "@bookmesh/kube-model";

/** How a value is owned: field by field, entry by entry, or only as a whole. */
export type Structure = "fields" | "keyed" | "set" | "atomic";

/** The parts of a value that can have different owners, by their `fieldsV1` key. */
export interface Part {
  readonly schema: Schema;
  readonly value: unknown;
}

/** How the parts of a value are owned. Values without a schema: objects by field, lists as a whole. */
export function structureOf(schema: Schema, value: unknown): Structure {
  if (isObject(value)) return schema["x-kubernetes-map-type"] === "atomic" ? "atomic" : "fields";
  if (!Array.isArray(value)) return "atomic";
  const type = schema["x-kubernetes-list-type"];
  return type === "map" ? "keyed" : type === "set" ? "set" : "atomic";
}

/** The parts of a value; none where it is owned as a whole. */
export function partsOf(schema: Schema, value: unknown): ReadonlyMap<string, Part> {
  const structure = structureOf(schema, value);
  if (structure === "fields" && isObject(value)) {
    const fields = Object.entries(value).map(
      ([name, part]) => [`f:${name}`, { schema: fieldSchema(schema, name), value: part }] as const,
    );
    return new Map(fields);
  }
  if (structure === "atomic" || !Array.isArray(value)) return new Map();
  const items = schema.items ?? {};
  return new Map(value.map((item: unknown) => [entryKey(schema, item), { schema: items, value: item }]));
}

/** The `fieldsV1` key of a list's entry. */
export function entryKey(schema: Schema, entry: unknown): string {
  if (schema["x-kubernetes-list-type"] === "set" || !isObject(entry)) return `v:${JSON.stringify(entry)}`;
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const keys = names.map((name) => [name, keyValue(schema, entry, name)] as const);
  return `k:${JSON.stringify(Object.fromEntries(keys.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))))}`;
}

function keyValue({ items }: Schema, entry: JsonObject, name: string): unknown {
  return entry[name] ?? items?.properties?.[name]?.default;
}

function fieldSchema({ properties, additionalProperties }: Schema, name: string): Schema {
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name] ?? {};
  return isObject(additionalProperties) ? additionalProperties : {};
}
