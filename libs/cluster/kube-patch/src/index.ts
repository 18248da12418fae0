// Patches
export { applyJsonPatch } from "./patch/json-patch.ts";
export { applyMergePatch } from "./patch/merge-patch.ts";
export { applyStrategicMergePatch } from "./patch/strategic-merge-patch.ts";
export type { PatchFailure } from "./patch/patch-failure.ts";

// Server-side apply: who owns which fields
export {
  serverSideApply,
  trackUpdate,
  type ApplyConflict,
  type ApplyRequest,
} from "./apply/server-side-apply.ts";
export type { FieldManager } from "./apply/managed-fields.ts";
