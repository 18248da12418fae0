import { isObject, type JsonObject } from "./json.ts";
import type { Schema } from "./schema.ts";

/** The value with its schema's defaults; a `null` that the schema does not allow is absent, as in Kubernetes. */
export function schemaDefaults(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item: unknown) => schemaDefaults(items, item));
  }
  return isObject(value) ? objectDefaults(schema, value) : value;
}

function objectDefaults({ properties = {}, additionalProperties }: Schema, object: JsonObject): JsonObject {
  const filled = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const child = known ?? (isObject(additionalProperties) ? additionalProperties : undefined);
    if (child === undefined) filled.set(name, value);
    else if (value !== null || child.nullable === true || acceptsNull(child))
      filled.set(name, schemaDefaults(child, value));
  }
  for (const [name, child] of Object.entries(properties)) {
    if (!filled.has(name) && child.default !== undefined)
      filled.set(name, schemaDefaults(child, child.default));
  }
  return Object.fromEntries(filled);
}

/** Where anything goes, `null` does too. */
function acceptsNull(schema: Schema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true && schema.type === undefined;
}
