import { ApiError, invalid } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import { isObject, type ResourceKind } from "@bookmesh/kube-model";
import type { RequestContext } from "./request-context.ts";
import { decodeObject } from "./schema-rules.ts";

/** Reads what a patch made of an object. What cannot be read is the patch's fault: `shown` tells it in the refusal. */
export function decodePatched(
  kind: ResourceKind,
  patched: { readonly value: unknown; readonly shown: string },
  context: RequestContext,
): KubeObject {
  try {
    return decodeObject(kind, patched.value, context);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== "BadRequest") throw error;
    const why = error.message.replace(/^.* cannot be handled as a \w+: /, "");
    const message = `Invalid value: ${JSON.stringify(patched.shown)}: ${why}`;
    throw invalid({ group: "", kind: "" }, "", [{ reason: "FieldValueInvalid", message, field: "patch" }]);
  }
}

/** A JSON value as Go prints it: the form in which Kubernetes quotes a strategic merge patch. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return typeof value === "string" ? value : JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([key, inner]) => `${key}:${goText(inner)}`).join(" ")}]`;
}
