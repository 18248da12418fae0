import { isObject, type JsonObject } from "./json.ts";
import type { Schema } from "./schema.ts";

/** The fields that every object has, whatever its schema says. */
const OBJECT_FIELDS = ["apiVersion", "kind", "metadata"];

/** Where the pruner stands: an embedded object keeps its `apiVersion`, `kind` and `metadata` as the root does. */
interface Place {
  readonly path: string;
  readonly isObjectRoot: boolean;
}

/** A custom resource without the fields that its schema does not know; their paths go to `unknown`. */
export function pruneCustom(schema: Schema, value: JsonObject, unknown: string[]): JsonObject {
  return pruneObject(schema, value, { unknown, place: { path: "", isObjectRoot: true } });
}

interface Pruning {
  readonly unknown: string[];
  readonly place: Place;
}

function prune(schema: Schema, value: unknown, pruning: Pruning): unknown {
  const { place, unknown } = pruning;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item: unknown, index) =>
      prune(items, item, { unknown, place: child(items, `${place.path}[${index}]`) }),
    );
  }
  return isObject(value) ? pruneObject(schema, value, pruning) : value;
}

function pruneObject(schema: Schema, value: JsonObject, { unknown, place }: Pruning): JsonObject {
  const kept: [string, unknown][] = [];
  for (const [field, fieldValue] of Object.entries(value)) {
    const path = place.path === "" ? field : `${place.path}.${field}`;
    const fieldSchema = fieldOf(schema, field);
    if (place.isObjectRoot && OBJECT_FIELDS.includes(field)) kept.push([field, fieldValue]);
    else if (fieldSchema !== undefined) {
      kept.push([field, prune(fieldSchema, fieldValue, { unknown, place: child(fieldSchema, path) })]);
    } else if (
      schema["x-kubernetes-preserve-unknown-fields"] === true ||
      schema.additionalProperties === true
    ) {
      kept.push([field, fieldValue]);
    } else unknown.push(path);
  }
  return Object.fromEntries(kept);
}

function child(schema: Schema, path: string): Place {
  return { path, isObjectRoot: schema["x-kubernetes-embedded-resource"] === true };
}

function fieldOf({ properties, additionalProperties }: Schema, field: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, field)) return properties[field];
  return isObject(additionalProperties) ? additionalProperties : undefined;
}
