import { Environment } from "@marcbachmann/cel-js";
import { isObject, type JsonObject, type Schema } from "@bookmesh/kube-model";
import { celName } from "./cel-name.ts";
import { equalCel } from "./cel-equality.ts";

/** How the values of a schema look to rules. */
export interface Shape {
  /** In declarations: `int`, `list<string>`, `Object3`. */
  readonly type: string;
  /** The value as rules see it. It must have passed its schema. */
  toCel(value: unknown): unknown;
}

/** Where the types of a schema's objects are declared, and what became of its parts. */
export interface Shapes {
  readonly environment: Environment;
  readonly bySchema: Map<Schema, Shape>;
}

/** Anything, told by its JSON. */
const DYNAMIC: Shape = { type: "dyn", toCel: jsonToCel };

/** The shape of a schema and of all its parts. Source: Kubernetes, "Common Expression Language", type table. */
export function shapeOf(schema: Schema, shapes: Shapes): Shape {
  const shape = newShape(schema, shapes);
  shapes.bySchema.set(schema, shape);
  return shape;
}

function newShape(schema: Schema, shapes: Shapes): Shape {
  if (schema["x-kubernetes-int-or-string"] === true || schema.nullable === true) return DYNAMIC;
  switch (schema.type) {
    case "boolean":
      return { type: "bool", toCel: (value) => value };
    case "integer":
      return { type: "int", toCel: (value) => (typeof value === "number" ? BigInt(value) : value) };
    case "number":
      return { type: "double", toCel: (value) => value };
    case "string":
      return textShape(schema);
    case "array": {
      const items = schema.items ? shapeOf(schema.items, shapes) : DYNAMIC;
      return {
        type: `list<${items.type}>`,
        toCel: (value) => (Array.isArray(value) ? value.map((item) => items.toCel(item)) : []),
      };
    }
    case "object":
      return objectShape(schema, shapes);
    default:
      return DYNAMIC;
  }
}

function textShape({ format }: Schema): Shape {
  switch (format) {
    case "date":
    case "date-time":
    case "datetime":
      return { type: "google.protobuf.Timestamp", toCel: (value) => new Date(String(value)) };
    case "duration": {
      const read = new Environment().registerVariable("text", "string").parse("duration(text)");
      return { type: "google.protobuf.Duration", toCel: (text) => read({ text }) as unknown };
    }
    case "byte": {
      const read = (text: unknown) => Uint8Array.from(atob(String(text)), (each) => each.charCodeAt(0));
      return { type: "bytes", toCel: read };
    }
    default:
      return { type: "string", toCel: (value) => value };
  }
}

function objectShape(schema: Schema, shapes: Shapes): Shape {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.keys(properties).length > 0) return recordShape(properties, shapes);
  if (!isObject(additionalProperties)) return DYNAMIC;
  const values = shapeOf(additionalProperties, shapes);
  return {
    type: `map<string, ${values.type}>`,
    toCel: (value) =>
      new Map(Object.entries(recordOf(value)).map(([key, inner]) => [key, values.toCel(inner)])),
  };
}

/** An object with named properties is a type of its own: whoever names another property is told so. */
function recordShape(properties: NonNullable<Schema["properties"]>, shapes: Shapes): Shape {
  const parts = Object.entries(properties).flatMap(([property, schema]) => {
    const shape = shapeOf(schema, shapes);
    const name = celName(property);
    return name === undefined ? [] : [{ property, name, shape }];
  });
  const type = `Object${shapes.bySchema.size}`;
  const ctor = class extends Map<string, unknown> {};
  const fields = Object.fromEntries(parts.map(({ name, shape }) => [name, shape.type]));
  shapes.environment.registerType(type, { ctor, fields });
  shapes.environment.registerOperator(`${type} == ${type}`, equalCel);
  return {
    type,
    toCel(value) {
      const record = recordOf(value);
      return new ctor(
        parts.flatMap(({ property, name, shape }) =>
          record[property] === undefined ? [] : [[name, shape.toCel(record[property])]],
        ),
      );
    },
  };
}

/** Any JSON as rules see it. */
export function jsonToCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(jsonToCel);
  if (!isObject(value)) return value ?? null;
  return new Map(Object.entries(value).map(([key, inner]) => [key, jsonToCel(inner)]));
}

function recordOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
