// Kinds
export type { Schema } from "./schema.ts";
export type { KindRules, ResourceKind, ScalePaths, TableColumn, TablePrinter } from "./resource-kind.ts";
export { builtInKinds } from "./kinds/built-in-kinds.ts";

// What kubectl shows
export {
  partialMetadata,
  tableOf,
  type PartialObjectMetadata,
  type Table,
  type TableOptions,
} from "./table.ts";

// What is wrong with an object
export { describeIssue, type FieldIssue, type FieldIssueType } from "./field-issue.ts";
