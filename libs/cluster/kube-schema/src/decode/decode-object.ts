import { err, ok, type Result } from "@bookmesh/kernel";
import {
  isObject,
  isTooDeep,
  objectOf,
  pruneCustom,
  textOf,
  type JsonObject,
  type ResourceKind,
} from "@bookmesh/kube-model";
import { apiVersionOf, type KubeObject, type ObjectMeta } from "@bookmesh/kube-api";
import { DecodeError, decodeValue } from "./decode-value.ts";

/** An object that its kind's schema understands. */
export interface DecodedObject {
  /** Without unknown fields and without nulls where the schema has no use for them. */
  readonly object: KubeObject;
  /** What was left out: `unknown field "spec.foo"`. They are errors, warnings or nothing, as `fieldValidation` says. */
  readonly strictProblems: readonly string[];
}

/** Reads a parsed body as an object of `kind`, or says (for a BadRequest) why it is none. */
export function decodeObject(kind: ResourceKind, value: unknown): Result<DecodedObject, string> {
  if (!isObject(value)) {
    const found = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
    return err(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into an object`,
    );
  }
  if (isTooDeep(value)) return err(cannotBeHandled(kind, kind, "exceeded max depth"));
  const mismatch = typeProblem(kind, value);
  if (mismatch !== undefined) return err(mismatch);
  try {
    const unknown: string[] = [];
    const decoded = kind.isCustom ? decodeCustom(kind, value, unknown) : decodeBuiltIn(kind, value, unknown);
    const strictProblems = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    return ok({ object: asObject(kind, decoded), strictProblems });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return err(kind.isCustom ? error.message : cannotBeHandled(kind, kind, error.message));
  }
}

function decodeBuiltIn(kind: ResourceKind, value: JsonObject, unknown: string[]): JsonObject {
  const decoder = { unknown, definitionOf: kind.definitionOf };
  const place = { path: "", owner: kind.kind };
  return objectOf(decodeValue(decoder, kind.schema, { value, place }));
}

/** A custom resource's metadata is decoded as everybody's, the rest pruned by its own schema. */
function decodeCustom(kind: ResourceKind, value: JsonObject, unknown: string[]): JsonObject {
  const schema = kind.schema.properties?.["metadata"] ?? {};
  const place = { path: "metadata", owner: kind.kind };
  const decoder = { unknown, definitionOf: kind.definitionOf };
  const metadata = decodeValue(decoder, schema, { value: value["metadata"] ?? {}, place });
  return { ...pruneCustom(kind.schema, value, unknown), metadata };
}

/** An absent kind or version is the path's; another one is refused. */
function typeProblem(kind: ResourceKind, value: JsonObject): string | undefined {
  const foundKind = textOf(value["kind"]) || kind.kind;
  const found = textOf(value["apiVersion"]) || apiVersionOf(kind);
  if (foundKind === kind.kind && found === apiVersionOf(kind)) return undefined;
  const version = found.split("/").at(-1) ?? found;
  const sentence = `no kind ${JSON.stringify(foundKind)} is registered for version ${JSON.stringify(found)} here`;
  return cannotBeHandled({ kind: foundKind, version }, kind, sentence);
}

function cannotBeHandled(
  found: { readonly kind: string; readonly version: string },
  wanted: ResourceKind,
  why: string,
): string {
  return `${found.kind} in version ${JSON.stringify(found.version)} cannot be handled as a ${wanted.kind}: ${why}`;
}

function asObject(kind: ResourceKind, decoded: JsonObject): KubeObject {
  // The schema has checked the metadata's fields; an absent name is an empty one until it is generated or refused.
  const metadata = { name: "", ...objectOf(decoded["metadata"]) } as ObjectMeta;
  return { ...decoded, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
}
