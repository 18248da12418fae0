import {
  duplicate,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  wrongType,
  type FieldIssue,
} from "./field-issue.ts";
import { equalJson, isObject, type JsonObject } from "./json.ts";
import type { Schema } from "./schema.ts";
import { combinationIssues } from "./schema-combinations.ts";
import { hasFormat } from "./formats.ts";

/** Everything in which a value breaks a custom resource's schema, in the words of Kubernetes' OpenAPI validator. */
export function schemaIssues(schema: Schema, value: unknown, path: string): readonly FieldIssue[] {
  return [
    ...typeIssues(schema, value, path),
    ...combinationIssues(schema, { value, path, issuesOf: schemaIssues }),
    ...(typeof value === "string" ? stringIssues(schema, value, path) : []),
    ...(typeof value === "number" ? numberIssues(schema, value, path) : []),
    ...enumIssues(schema, value, path),
    ...(Array.isArray(value) ? listIssues(schema, value, path) : []),
    ...(isObject(value) ? objectIssues(schema, value, path) : []),
  ];
}

function typeIssues(schema: Schema, value: unknown, path: string): readonly FieldIssue[] {
  if (value === null && schema.nullable === true) return [];
  const wanted =
    schema["x-kubernetes-int-or-string"] === true
      ? ["integer", "string"]
      : schema.type === undefined
        ? []
        : [schema.type];
  const found = typeName(value);
  const fits =
    wanted.length === 0 ||
    wanted.some((type) => type === found || (type === "number" && found === "integer"));
  return fits
    ? []
    : [wrongType(path, found, `${path} in body must be of type ${wanted.join(",")}: "${found}"`)];
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "number") return typeof value;
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? "integer" : "number";
}

function stringIssues(schema: Schema, value: string, path: string): readonly FieldIssue[] {
  const { format } = schema;
  const text = textIssue(schema, value, path);
  const issues = text === undefined ? [] : [text];
  if (format === undefined || schema.type !== "string" || hasFormat(value, format)) return issues;
  const sentence = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
  return [...issues, wrongType(path, value, sentence)];
}

/** The first rule that a text breaks: the others say no more. */
function textIssue(schema: Schema, value: string, path: string): FieldIssue | undefined {
  const { maxLength, minLength, pattern } = schema;
  const length = Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) return tooLong(path, maxLength);
  if (minLength !== undefined && length < minLength) {
    return invalid(path, value, `${path} in body should be at least ${minLength} chars long`);
  }
  if (pattern === undefined || matches(pattern, value)) return undefined;
  return invalid(path, value, `${path} in body should match '${pattern}'`);
}

/** A pattern that JavaScript cannot read matches nothing: the definition's author learns of it, no value slips through. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return false;
  }
}

function numberIssues(schema: Schema, value: number, path: string): readonly FieldIssue[] {
  const { minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false, multipleOf } = schema;
  const problems: string[] = [];
  if (minimum !== undefined && (value < minimum || (exclusiveMinimum && value === minimum))) {
    problems.push(`greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`);
  }
  if (maximum !== undefined && (value > maximum || (exclusiveMaximum && value === maximum))) {
    problems.push(`less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    problems.push(`a multiple of ${multipleOf}`);
  }
  return problems.map((problem) => invalid(path, value, `${path} in body should be ${problem}`));
}

function enumIssues({ enum: values, nullable }: Schema, value: unknown, path: string): readonly FieldIssue[] {
  if (values === undefined || (value === null && nullable === true)) return [];
  return values.some((candidate) => equalJson(candidate, value)) ? [] : [notSupported(path, value, values)];
}

function listIssues(schema: Schema, list: readonly unknown[], path: string): readonly FieldIssue[] {
  const { items, minItems, maxItems } = schema;
  const issues: FieldIssue[] = [];
  if (minItems !== undefined && list.length < minItems) {
    issues.push(invalid(path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) issues.push(tooMany(path, list.length, maxItems));
  if (items !== undefined)
    issues.push(...list.flatMap((item, index) => schemaIssues(items, item, `${path}[${index}]`)));
  return [...issues, ...duplicateIssues(schema, list, path)];
}

function duplicateIssues(schema: Schema, list: readonly unknown[], path: string): readonly FieldIssue[] {
  const type = schema["x-kubernetes-list-type"];
  const keyNames = schema["x-kubernetes-list-map-keys"] ?? [];
  if (type !== "set" && type !== "map" && schema.uniqueItems !== true) return [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const key = type === "map" && isObject(item) ? keyOf(item, keyNames, schema.items) : item;
    const text = JSON.stringify(key);
    if (seen.has(text)) return [duplicate(`${path}[${index}]`, key)];
    seen.add(text);
    return [];
  });
}

/** The keys of a list entry by which it is told from the others, defaults included. */
function keyOf(item: JsonObject, names: readonly string[], items: Schema | undefined): JsonObject {
  return Object.fromEntries(
    names.map((name) => [name, item[name] ?? items?.properties?.[name]?.default ?? null]),
  );
}

function objectIssues(schema: Schema, object: JsonObject, path: string): readonly FieldIssue[] {
  const { properties, additionalProperties, minProperties, maxProperties } = schema;
  const count = Object.keys(object).length;
  const issues: FieldIssue[] = [];
  if (minProperties !== undefined && count < minProperties) {
    issues.push(invalid(path, count, `${path} in body should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && count > maxProperties) issues.push(tooMany(path, count, maxProperties));
  for (const name of schema.required ?? []) {
    if (object[name] === undefined) issues.push(required(below(path, name)));
  }
  for (const [name, value] of Object.entries(object)) {
    const known = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const child = known ?? (isObject(additionalProperties) ? additionalProperties : undefined);
    if (child !== undefined) issues.push(...schemaIssues(child, value, below(path, name)));
  }
  return issues;
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
