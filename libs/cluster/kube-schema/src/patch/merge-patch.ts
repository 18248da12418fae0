import { err, ok, type Result } from "@bookmesh/kernel";
import { isObject, objectOf, type JsonObject } from "../json.ts";
import type { PatchFailure } from "./patch-failure.ts";

/** Deeper than any real object; deeper ones are refused. */
const MAX_DEPTH = 100;

/** Applies a JSON merge patch: `null` removes, objects merge, everything else replaces. Source: RFC 7386. */
export function applyMergePatch(target: unknown, patch: unknown): Result<unknown, PatchFailure> {
  if (!isObject(patch)) return err({ code: 400, message: "the patch is not a JSON object" });
  const merged = merge(target, patch, MAX_DEPTH);
  return merged === undefined ? err({ code: 400, message: "the patch is nested too deeply" }) : ok(merged);
}

function merge(target: unknown, patch: JsonObject, depth: number): JsonObject | undefined {
  if (depth === 0) return undefined;
  const result = new Map(Object.entries(objectOf(target)));
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) result.delete(field);
    else if (!isObject(value)) result.set(field, value);
    else {
      const merged = merge(result.get(field), value, depth - 1);
      if (merged === undefined) return undefined;
      result.set(field, merged);
    }
  }
  return Object.fromEntries(result);
}
