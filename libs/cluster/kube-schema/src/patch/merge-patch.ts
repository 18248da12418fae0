import { err, ok, type Result } from "@bookmesh/kernel";
import { isObject, objectOf, type JsonObject } from "../json.ts";
import { PatchError, type PatchFailure } from "./patch-failure.ts";

/** Deeper than any real object; a deeper patch is refused. */
export const MAX_PATCH_DEPTH = 200;

/** Applies a JSON merge patch: `null` removes, objects merge, everything else replaces. Source: RFC 7386. */
export function applyMergePatch(target: unknown, patch: unknown): Result<unknown, PatchFailure> {
  return mergeAs(patch, (document) => merge(target, document, MAX_PATCH_DEPTH));
}

/** Runs a merge of a patch that has to be an object, and answers its `PatchError` as a failure. */
export function mergeAs(
  patch: unknown,
  mergeInto: (patch: JsonObject) => unknown,
): Result<unknown, PatchFailure> {
  if (!isObject(patch)) return err({ code: 400, message: "error decoding patch: it is not a JSON object" });
  try {
    return ok(mergeInto(patch));
  } catch (error) {
    if (error instanceof PatchError) return err(error.failure);
    throw error;
  }
}

/** Refuses a patch that is nested too deeply to be merged by recursion. */
export function checkDepth(depthLeft: number): void {
  if (depthLeft === 0) throw new PatchError({ code: 400, message: "the patch is nested too deeply" });
}

function merge(target: unknown, patch: JsonObject, depthLeft: number): JsonObject {
  checkDepth(depthLeft);
  const result = new Map(Object.entries(objectOf(target)));
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) result.delete(field);
    else result.set(field, isObject(value) ? merge(result.get(field), value, depthLeft - 1) : value);
  }
  return Object.fromEntries(result);
}
