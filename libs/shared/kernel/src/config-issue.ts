/** One thing that is wrong with a configuration: where, and what. */
export interface ConfigIssue {
  /** The field, from the resource down, as its author would write it: `spec.http[0].route[1].weight`. */
  readonly path: string;
  /** A sentence without its subject: "must not be negative". */
  readonly problem: string;
}

/** `path: problem` of each issue, joined with "; ". */
export function describeIssues(issues: readonly ConfigIssue[]): string {
  return issues.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
}
