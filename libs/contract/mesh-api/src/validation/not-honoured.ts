import type { ConfigIssue } from "@bookmesh/kernel";

const PROBLEM = "is not honoured by this version of Bookmesh yet";

/**
 * The fields of `spec` that stand in `patterns` and say something. A pattern is a path in which `[]` stands for
 * any item: `http[].corsPolicy`. Refused by name, since a rule that is taken and ignored deceives its author.
 */
export function notHonouredIssues(spec: object, patterns: ReadonlySet<string>): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const visit = (value: unknown, pattern: string, path: string): void => {
    if (patterns.has(pattern) && saysSomething(value)) {
      issues.push({ path, problem: PROBLEM });
      return;
    }
    if (Array.isArray(value)) {
      value.forEach((item, index) => visit(item, `${pattern}[]`, `${path}[${index}]`));
    } else if (typeof value === "object" && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        visit(field, pattern === "" ? key : `${pattern}.${key}`, `${path}.${key}`);
      }
    }
  };
  visit(spec, "", "spec");
  return issues;
}

/** The issue of one value that is not honoured although its field is. */
export function notHonoured(path: string): ConfigIssue {
  return { path, problem: PROBLEM };
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
