import { isObject, type JsonObject } from "../json.ts";
import { DecodeError } from "../decode/decode-value.ts";
import type { Schema } from "../schema.ts";

/** Deeper than any real object; deeper ones are refused before they are walked. */
const MAX_DEPTH = 200;

/** The fields that every object has, whatever its schema says. */
const OBJECT_FIELDS = ["apiVersion", "kind", "metadata"];

/** Where the pruner stands: an embedded object keeps its `apiVersion`, `kind` and `metadata` as the root does. */
interface Place {
  readonly path: string;
  readonly isObjectRoot: boolean;
  readonly depth: number;
}

/** A custom resource without the fields that its schema does not know; their paths go to `unknown`. */
export function pruneCustom(schema: Schema, value: JsonObject, unknown: string[]): JsonObject {
  return pruneObject(schema, value, { unknown, place: { path: "", isObjectRoot: true, depth: 0 } });
}

interface Pruning {
  readonly unknown: string[];
  readonly place: Place;
}

function prune(schema: Schema, value: unknown, pruning: Pruning): unknown {
  const { place, unknown } = pruning;
  if (place.depth > MAX_DEPTH) throw new DecodeError("exceeded max depth");
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item: unknown, index) =>
      prune(items, item, { unknown, place: child(place, items, `${place.path}[${index}]`) }),
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
      kept.push([field, prune(fieldSchema, fieldValue, { unknown, place: child(place, fieldSchema, path) })]);
    } else if (
      schema["x-kubernetes-preserve-unknown-fields"] === true ||
      schema.additionalProperties === true
    ) {
      kept.push([field, fieldValue]);
    } else unknown.push(path);
  }
  return Object.fromEntries(kept);
}

function child(place: Place, schema: Schema, path: string): Place {
  return { path, isObjectRoot: schema["x-kubernetes-embedded-resource"] === true, depth: place.depth + 1 };
}

function fieldOf({ properties, additionalProperties }: Schema, field: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, field)) return properties[field];
  return isObject(additionalProperties) ? additionalProperties : undefined;
}
