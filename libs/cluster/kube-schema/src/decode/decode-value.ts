import { isObject, type JsonObject, type Schema } from "@bookmesh/kube-model";

/** Kubernetes' pattern for a quantity, as its message shows it. */
const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Where the decoder stands. */
export interface Place {
  /** `spec.template`; "" at the root. */
  readonly path: string;
  /** Go's name for the struct that holds the field: `DeploymentSpec`. Unknown for nested maps and lists. */
  readonly owner: string;
}

/** A value has another type than its field. Its message is the decoder's of Kubernetes, in spirit. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** Decodes values by a built-in kind's schema, and collects the unknown fields it leaves out. */
export interface ValueDecoder {
  readonly unknown: string[];
  /** The definition that a schema object is, for messages. */
  readonly definitionOf: (schema: Schema) => string | undefined;
}

/** The value without nulls and unknown fields. Throws `DecodeError` where a type is wrong. */
export function decodeValue(
  decoder: ValueDecoder,
  schema: Schema,
  { value, place }: { readonly value: unknown; readonly place: Place },
): unknown {
  if (schema.format === "quantity") return quantity(value, place);
  if (schema["x-kubernetes-int-or-string"] === true) return intOrString(value, place);
  switch (schema.type) {
    case "object":
      return decodeObjectValue(decoder, schema, { value, place });
    case "array":
      return decodeList(decoder, schema, { value, place });
    case "string":
      return typeof value === "string" ? stringOf(schema, value) : mismatch(value, place, "string");
    case "boolean":
      return typeof value === "boolean" ? value : mismatch(value, place, "bool");
    case "integer":
    case "number":
      return numberOf(schema, value, place);
    default:
      return decodeBranch(decoder, schema, { value, place });
  }
}

/** `JSONSchemaPropsOrBool` is the one definition with branches: an object or something plain. */
function decodeBranch(
  decoder: ValueDecoder,
  schema: Schema,
  at: { readonly value: unknown; readonly place: Place },
): unknown {
  const branch = schema.anyOf?.find(({ type }) => type === "object");
  return branch !== undefined && isObject(at.value) ? decodeValue(decoder, branch, at) : at.value;
}

function decodeObjectValue(
  decoder: ValueDecoder,
  schema: Schema,
  { value, place }: { readonly value: unknown; readonly place: Place },
): JsonObject {
  const definition = decoder.definitionOf(schema);
  if (!isObject(value))
    return mismatch(value, place, definition === undefined ? "map[string]string" : goType(definition));
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return value;
  const owner = definition?.split(".").at(-1) ?? place.owner;
  const decoded: [string, unknown][] = [];
  for (const [field, fieldValue] of Object.entries(value)) {
    const fieldSchema = fieldOf(schema, field);
    const path = childPath(schema, place.path, field);
    if (fieldSchema === undefined) decoder.unknown.push(path);
    else if (fieldValue !== null) {
      const isMap = schema.properties === undefined;
      const inner = {
        path: isMap ? place.path : path,
        owner: isMap ? place.owner : owner,
      };
      decoded.push([field, decodeValue(decoder, fieldSchema, { value: fieldValue, place: inner })]);
    }
  }
  return Object.fromEntries(decoded);
}

function fieldOf({ properties, additionalProperties }: Schema, field: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, field)) return properties[field];
  return isObject(additionalProperties) ? additionalProperties : undefined;
}

function childPath(schema: Schema, path: string, field: string): string {
  if (path === "") return field;
  return schema.properties === undefined ? `${path}[${field}]` : `${path}.${field}`;
}

function decodeList(
  decoder: ValueDecoder,
  schema: Schema,
  { value, place }: { readonly value: unknown; readonly place: Place },
): readonly unknown[] {
  const items = schema.items ?? {};
  if (!Array.isArray(value)) return mismatch(value, place, `[]${goTypeOf(decoder, items)}`);
  return value
    .map((item: unknown, index) => {
      const path = `${place.path}[${index}]`;
      if (item === null) return items.type === "object" ? {} : undefined;
      return decodeValue(decoder, items, { value: item, place: { ...place, path } });
    })
    .filter((item) => item !== undefined);
}

function stringOf({ format }: Schema, value: string): string {
  if (format === "date-time" && Number.isNaN(Date.parse(value))) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(JSON.stringify(value))} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  if (format === "byte") {
    const bad =
      /[^A-Za-z0-9+/=\r\n]/.exec(value)?.index ??
      (value.replaceAll(/[\r\n]/g, "").length % 4 === 0 ? -1 : value.length);
    if (bad >= 0) throw new DecodeError(`illegal base64 data at input byte ${bad}`);
  }
  return value;
}

function numberOf({ type, format }: Schema, value: unknown, place: Place): number {
  const goName = type === "number" ? "float64" : (format ?? "int64");
  if (typeof value !== "number") return mismatch(value, place, goName);
  const limit = format === "int32" ? 2 ** 31 : 2 ** 63;
  const fits = type === "number" || (Number.isInteger(value) && value >= -limit && value < limit);
  return fits ? value : mismatch(value, place, goName);
}

function intOrString(value: unknown, place: Place): unknown {
  if (typeof value === "string") return value;
  return numberOf({ type: "integer", format: "int32" }, value, place);
}

function quantity(value: unknown, place: Place): unknown {
  if (typeof value === "number") return `${value}`;
  if (typeof value !== "string") return mismatch(value, place, "resource.Quantity");
  if (QUANTITY.test(value)) return value;
  throw new DecodeError(
    `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  );
}

function mismatch(value: unknown, { path, owner }: Place, goName: string): never {
  const field = path.replaceAll(/\[\d+\]/g, "");
  throw new DecodeError(
    `json: cannot unmarshal ${jsonType(value)} into Go struct field ${owner}.${field} of type ${goName}`,
  );
}

function jsonType(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "number" : `number ${value}`;
  return typeof value === "string" ? "string" : Array.isArray(value) ? "array" : "object";
}

function goTypeOf(decoder: ValueDecoder, schema: Schema): string {
  const definition = decoder.definitionOf(schema);
  if (definition !== undefined) return goType(definition);
  return schema.type === "integer" ? (schema.format ?? "int64") : "string";
}

/** `v1.Container` for `io.k8s.api.core.v1.Container`. */
function goType(definition: string): string {
  return definition.split(".").slice(-2).join(".");
}
