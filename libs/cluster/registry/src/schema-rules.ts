import { badRequest } from "@bookmesh/cluster-api";
import { apiVersionOf, type KubeObject } from "@bookmesh/kube-api";
import { validateObject } from "@bookmesh/kube-validation";
import { isObject, type JsonObject, type ResourceKind } from "@bookmesh/kube-model";
import { decodeObject as decode, defaultObject } from "@bookmesh/kube-schema";
import { textField } from "./json.ts";
import type { RequestContext } from "./request-context.ts";
import type { Cause } from "./strategy.ts";

/** The object with its kind's defaults filled in. */
export function withDefaults(kind: ResourceKind, object: KubeObject): KubeObject {
  return defaultObject(kind, object);
}

/** Where one of these is wrong, rules that an author wrote for right values mean nothing. Source: Kubernetes, `hasBlockingErr`. */
const BLOCKING: readonly string[] = [
  "FieldValueRequired",
  "FieldValueNotSupported",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
];
const UNASKED: Cause = {
  reason: "FieldValueInvalid",
  field: "<nil>",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};

/** The rules that an object breaks. */
export function problemsOf(kind: ResourceKind, object: KubeObject, previous?: KubeObject): readonly Cause[] {
  const problems = validateObject(kind, object, previous);
  if (kind.judge === undefined) return problems;
  const isBlocked = problems.some(({ reason }) => BLOCKING.includes(reason));
  return [...problems, ...(isBlocked ? [UNASKED] : kind.judge(object, previous))];
}

/** Reads a body as an object of `kind`: unknown fields are refused, told or dropped, as the request wants it. */
export function decodeObject(kind: ResourceKind, value: unknown, context: RequestContext): KubeObject {
  const whole = withTypeMeta(kind, value);
  const decoded = decode(kind, whole);
  if (!decoded.ok) throw badRequest(decoded.error);
  const { object, strictProblems } = decoded.value;
  tellStrictProblems(kind, strictProblems, context);
  return object;
}

/** Refuses or tells what a strict reader would not accept. */
export function tellStrictProblems(
  kind: ResourceKind,
  problems: readonly string[],
  context: RequestContext,
): void {
  if (problems.length === 0 || context.fieldValidation === "Ignore") return;
  if (context.fieldValidation === "Warn") {
    for (const problem of problems) context.warn(problem);
    return;
  }
  throw badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${problems.join(", ")}`,
  );
}

/** A body may leave out `apiVersion` and `kind`; where it names others it means something else. */
function withTypeMeta(kind: ResourceKind, value: unknown): JsonObject {
  if (!isObject(value)) {
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${nameOf(value)} into Go value of type ${kind.kind}`,
    );
  }
  const apiVersion = textField(value, "apiVersion") ?? "";
  const named = textField(value, "kind") ?? "";
  const wanted = apiVersionOf(kind);
  if (named !== "" && named !== kind.kind) throw wrongKind(kind, apiVersion, named);
  if (apiVersion !== "" && apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    );
  }
  const metadata = value["metadata"] ?? {};
  return { ...value, apiVersion: wanted, kind: kind.kind, metadata };
}

function wrongKind(kind: ResourceKind, apiVersion: string, named: string): Error {
  const version = apiVersion.split("/").at(-1) ?? "";
  return badRequest(`${named} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}`);
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}
