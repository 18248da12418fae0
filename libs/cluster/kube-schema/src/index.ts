// Kinds
export type { Schema } from "./schema.ts";
export type { KindRules, ResourceKind, ScalePaths, TableColumn, TablePrinter } from "./resource-kind.ts";
export { builtInKinds } from "./kinds/built-in-kinds.ts";
export { customKinds, definitionWarnings } from "./custom/custom-kinds.ts";

// From a request's body to an object that may be stored
export { decodeObject, type DecodedObject } from "./decode/decode-object.ts";
export { duplicateFields } from "./decode/duplicate-fields.ts";
export { defaultObject } from "./default-object.ts";
export { validateObject } from "./validate/validate-object.ts";
export { describeIssue, type FieldIssue, type FieldIssueReason } from "./field-issue.ts";

// Patches
export { applyJsonPatch } from "./patch/json-patch.ts";
export { applyMergePatch } from "./patch/merge-patch.ts";
export { applyStrategicMergePatch } from "./patch/strategic-merge-patch.ts";
export type { PatchFailure } from "./patch/patch-failure.ts";
export {
  serverSideApply,
  trackUpdate,
  type ApplyConflict,
  type ApplyRequest,
} from "./apply/server-side-apply.ts";
export type { FieldManager } from "./apply/managed-fields.ts";

// Selectors
export { parseLabelSelector, type LabelMatcher } from "./selectors/label-selector.ts";
export { parseFieldSelector, type FieldMatcher } from "./selectors/field-selector.ts";

// What kubectl shows and reads
export {
  partialMetadata,
  tableOf,
  type PartialObjectMetadata,
  type Table,
  type TableOptions,
} from "./table.ts";
export { openApiV3Document } from "./documents/open-api.ts";
export { aggregatedDiscovery, apiResourceList } from "./documents/discovery.ts";
