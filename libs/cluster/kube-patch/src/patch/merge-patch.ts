import { err, ok, type Result } from "@bookmesh/kernel";
import { isObject, isTooDeep, objectOf, type JsonObject } from "@bookmesh/kube-model";
import { PatchError, TOO_DEEP, type PatchFailure } from "./patch-failure.ts";

/** Applies a JSON merge patch: `null` removes, objects merge, everything else replaces. Source: RFC 7386. */
export function applyMergePatch(target: unknown, patch: unknown): Result<unknown, PatchFailure> {
  return mergeAs(patch, (document) => merge(target, document));
}

/** Runs a merge of a patch that has to be an object, and answers its `PatchError` as a failure. */
export function mergeAs(
  patch: unknown,
  mergeInto: (patch: JsonObject) => unknown,
): Result<unknown, PatchFailure> {
  if (!isObject(patch)) return err({ code: 400, message: "error decoding patch: it is not a JSON object" });
  if (isTooDeep(patch)) return err(TOO_DEEP);
  try {
    return ok(mergeInto(patch));
  } catch (error) {
    if (error instanceof PatchError) return err(error.failure);
    throw error;
  }
}

function merge(target: unknown, patch: JsonObject): JsonObject {
  const result = new Map(Object.entries(objectOf(target)));
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) result.delete(field);
    else result.set(field, isObject(value) ? merge(result.get(field), value) : value);
  }
  return Object.fromEntries(result);
}
