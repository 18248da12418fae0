// What a kind is
export type { KindRules, ResourceKind, ScalePaths, TableColumn, TablePrinter } from "./resource-kind.ts";
export type { Schema, ValidationRule } from "./schema.ts";

// Values against a schema
export { schemaIssues } from "./schema-issues.ts";
export { schemaDefaults } from "./schema-defaults.ts";
export { pruneCustom } from "./prune.ts";
export {
  describeIssue,
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  type FieldIssue,
  type FieldIssueReason,
} from "./field-issue.ts";

// JSON of which nothing is known yet
export {
  at,
  equalJson,
  isObject,
  isTooDeep,
  lineOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  type JsonObject,
} from "./json.ts";
export { parseJsonPath } from "./json-path.ts";
export { parseCronSchedule, type CalendarMinute } from "./cron-schedule.ts";
