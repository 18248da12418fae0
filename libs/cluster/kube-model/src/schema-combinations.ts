import { invalid, type FieldIssue } from "./field-issue.ts";
import type { Schema } from "./schema.ts";

/** What is checked, and with what: the validator itself is passed in, because schemas contain schemas. */
export interface Checked {
  readonly value: unknown;
  readonly path: string;
  readonly issuesOf: (schema: Schema, value: unknown, path: string) => readonly FieldIssue[];
}

/** What `anyOf`, `oneOf`, `allOf` and `not` have against a value. */
export function combinationIssues(schema: Schema, checked: Checked): readonly FieldIssue[] {
  return [
    ...anyOfIssues(schema, checked),
    ...oneOfIssues(schema, checked),
    ...allOfIssues(schema, checked),
    ...notIssues(schema, checked),
  ];
}

function anyOfIssues({ anyOf = [] }: Schema, checked: Checked): readonly FieldIssue[] {
  if (anyOf.length === 0) return [];
  const branches = run(anyOf, checked);
  if (branches.some(isValid)) return [];
  return [refusal(checked, "must validate at least one schema (anyOf)"), ...(branches[0] ?? [])];
}

function oneOfIssues({ oneOf = [] }: Schema, checked: Checked): readonly FieldIssue[] {
  if (oneOf.length === 0) return [];
  const branches = run(oneOf, checked);
  const valid = branches.filter(isValid).length;
  if (valid === 1) return [];
  const rule = "must validate one and only one schema (oneOf). Found";
  if (valid > 1) return [refusal(checked, `${rule} ${valid} valid alternatives`)];
  return [refusal(checked, `${rule} none valid`), ...(branches[0] ?? [])];
}

function allOfIssues({ allOf = [] }: Schema, checked: Checked): readonly FieldIssue[] {
  const branches = run(allOf, checked);
  if (branches.every(isValid)) return [];
  const none = branches.some(isValid) ? "" : ". None validated";
  return [...branches.flat(), refusal(checked, `must validate all the schemas (allOf)${none}`)];
}

function notIssues({ not }: Schema, checked: Checked): readonly FieldIssue[] {
  if (not === undefined || !run([not], checked).every(isValid)) return [];
  return [refusal(checked, "must not validate the schema (not)")];
}

function run(
  schemas: readonly Schema[],
  { value, path, issuesOf }: Checked,
): readonly (readonly FieldIssue[])[] {
  return schemas.map((schema) => issuesOf(schema, value, path));
}

function isValid(issues: readonly FieldIssue[]): boolean {
  return issues.length === 0;
}

function refusal({ path }: Checked, rule: string): FieldIssue {
  return invalid("<nil>", "", `${JSON.stringify(path)} ${rule}`);
}
