import definitions from "./generated/kube-definitions.json" with { type: "json" };
import { isObject, type JsonObject, type Schema } from "@bookmesh/kube-model";

/** The built-in kinds' definitions as OpenAPI names them, with `$ref`s that are bare names. */
export const DEFINITIONS: JsonObject = definitions;

/** The built-in definitions as schemas. Shared definitions are shared objects, and `JSONSchemaProps` contains itself. */
export interface SchemaLookup {
  schemaOf(definition: string): Schema;
  /** The definition that a schema object is; `undefined` for schemas without a name. */
  readonly definitionOf: (schema: Schema) => string | undefined;
}

/** Links definitions on demand, each once. */
export function schemaLookup(): SchemaLookup {
  const linked = new Map<string, Schema>();
  const names = new Map<Schema, string>();
  const lookup: SchemaLookup = {
    schemaOf(name) {
      const known = linked.get(name);
      if (known !== undefined) return known;
      const target: Record<string, unknown> = {};
      linked.set(name, target);
      names.set(target, name);
      return Object.assign(target, link(DEFINITIONS[name], lookup));
    },
    definitionOf: (schema) => names.get(schema),
  };
  return lookup;
}

function link(source: unknown, lookup: SchemaLookup): JsonObject {
  if (!isObject(source)) return {};
  const { $ref, properties, items, additionalProperties, anyOf, ...marks } = source;
  if (typeof $ref === "string") {
    const target = lookup.schemaOf($ref);
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
    return lookup.schemaOf(source["$ref"]);
  }
  return link(source, lookup);
}

function linkEach(properties: JsonObject, lookup: SchemaLookup): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, source]) => [name, follow(source, lookup)]),
  );
}
