import definitions from "./generated/kube-definitions.json" with { type: "json" };
import { isObject, type JsonObject } from "./json.ts";
import type { Schema } from "./schema.ts";

/** The built-in kinds' definitions as OpenAPI names them, with `$ref`s that are bare names. */
export const DEFINITIONS: JsonObject = definitions;

/** The schema of a definition. Shared definitions are shared objects, and `JSONSchemaProps` contains itself. */
export type SchemaLookup = (definition: string) => Schema;

/** Links definitions on demand, each once. */
export function schemaLookup(): SchemaLookup {
  const linked = new Map<string, Schema>();
  const lookup = (name: string): Schema => {
    const known = linked.get(name);
    if (known !== undefined) return known;
    const target: Record<string, unknown> = {};
    linked.set(name, target);
    Object.assign(target, link(DEFINITIONS[name], lookup));
    return target;
  };
  return lookup;
}

function link(source: unknown, lookup: SchemaLookup): JsonObject {
  if (!isObject(source)) return {};
  const { $ref, properties, items, additionalProperties, anyOf, ...marks } = source;
  if (typeof $ref === "string") {
    const target = lookup($ref);
    return Object.keys(marks).length === 0 ? { ...target } : { ...target, ...marks };
  }
  return {
    ...marks,
    ...(isObject(properties) && { properties: linkEach(properties, lookup) }),
    ...(isObject(items) && { items: follow(items, lookup) }),
    ...(isObject(additionalProperties) && { additionalProperties: follow(additionalProperties, lookup) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((branch) => follow(branch, lookup)) }),
  };
}

/** A bare reference keeps the identity of its target, which may still be under construction. */
function follow(source: unknown, lookup: SchemaLookup): Schema {
  if (isObject(source) && typeof source["$ref"] === "string" && Object.keys(source).length === 1) {
    return lookup(source["$ref"]);
  }
  return link(source, lookup);
}

function linkEach(properties: JsonObject, lookup: SchemaLookup): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, source]) => [name, follow(source, lookup)]),
  );
}
