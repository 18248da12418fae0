import {
  forbidden,
  invalid,
  isObject,
  notSupported,
  objectOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const COMBINATIONS = ["allOf", "anyOf", "oneOf"];

/** Deeper than any real schema; a deeper one is refused. */
const MAX_DEPTH = 100;

/** What keeps a CRD's schema from being structural. Source: Kubernetes, "Specifying a structural schema". */
export function structuralIssues(schema: JsonObject, field: string): readonly FieldIssue[] {
  const root =
    schema["type"] === "object"
      ? []
      : [invalid(`${field}.type`, schema["type"] ?? "", "must be object at the root")];
  return [...root, ...schemaIssues(schema, { field, where: "the root", depth: 0 })];
}

interface Place {
  readonly field: string;
  readonly where: string;
  readonly depth: number;
}

function schemaIssues(schema: JsonObject, { field, where, depth }: Place): readonly FieldIssue[] {
  if (depth > MAX_DEPTH) return [forbidden(field, "the schema is nested too deeply")];
  const below = { depth: depth + 1 };
  const { items, additionalProperties } = schema;
  return [
    ...typeIssues(schema, field, where),
    ...patternIssues(schema, field),
    ...listTypeIssues(schema, field),
    ...Object.entries(objectOf(schema["properties"])).flatMap(([name, child]) =>
      schemaIssues(objectOf(child), {
        ...below,
        field: `${field}.properties[${name}]`,
        where: "specified object fields",
      }),
    ),
    ...(isObject(items)
      ? schemaIssues(items, { ...below, field: `${field}.items`, where: "specified array items" })
      : []),
    ...(isObject(additionalProperties)
      ? schemaIssues(additionalProperties, {
          ...below,
          field: `${field}.additionalProperties`,
          where: "specified object fields",
        })
      : []),
    ...bothIssues(schema, field),
    ...COMBINATIONS.flatMap((name) => branchIssues(schema[name], `${field}.${name}`)),
  ];
}

function typeIssues(schema: JsonObject, field: string, where: string): readonly FieldIssue[] {
  const type = textOf(schema["type"]);
  if (type !== "") return TYPES.includes(type) ? [] : [notSupported(`${field}.type`, type, TYPES)];
  const isOpen =
    schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return isOpen ? [] : [required(`${field}.type`, `must not be empty for ${where}`)];
}

function patternIssues({ pattern }: JsonObject, field: string): readonly FieldIssue[] {
  if (typeof pattern !== "string") return [];
  try {
    new RegExp(pattern, "u");
    return [];
  } catch {
    return [invalid(`${field}.pattern`, pattern, "must be a valid regular expression, but isn't")];
  }
}

function listTypeIssues(schema: JsonObject, field: string): readonly FieldIssue[] {
  const type = schema["x-kubernetes-list-type"];
  if (type === undefined) return [];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (type === "map" && keys === undefined) {
    return [
      required(`${field}.x-kubernetes-list-map-keys`, "must not be empty if x-kubernetes-list-type is map"),
    ];
  }
  return ["atomic", "set", "map"].includes(textOf(type))
    ? []
    : [notSupported(`${field}.x-kubernetes-list-type`, type, ["atomic", "set", "map"])];
}

function bothIssues(schema: JsonObject, field: string): readonly FieldIssue[] {
  const isBoth =
    Object.keys(objectOf(schema["properties"])).length > 0 && isObject(schema["additionalProperties"]);
  return isBoth
    ? [forbidden(`${field}.additionalProperties`, "additionalProperties and properties are mutual exclusive")]
    : [];
}

/** Branches may say what holds, not what there is: types, defaults and texts belong outside. */
function branchIssues(branches: unknown, field: string): readonly FieldIssue[] {
  if (!Array.isArray(branches)) return [];
  return branches.flatMap((branch: unknown, index) =>
    ["default", "nullable", "additionalProperties"]
      .filter((name) => objectOf(branch)[name] !== undefined)
      .map((name) => forbidden(`${field}[${index}].${name}`, "must not be used inside of logical junctors")),
  );
}
