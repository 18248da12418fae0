import type { ConfigIssue } from "@bookmesh/kernel";
import type { z } from "zod";

/**
 * The issues of a zod parse, with the paths and sentences that the author of the object understands. `root` is the
 * field that was parsed; "" for the whole object.
 */
export function schemaIssues(error: z.ZodError, root: string): readonly ConfigIssue[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf(root, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: `${path}.${key}`, problem: "is an unknown field" }));
    }
    return [{ path, problem: problemOf(issue) }];
  });
}

/** `spec`, `["http", 0, "timeout"]` → `spec.http[0].timeout`. */
function pathOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, root);
}

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "is required"
        : `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_small":
      return issue.minimum === 0 ? "must not be negative" : `must be at least ${String(issue.minimum)}`;
    case "too_big":
      return `must be at most ${String(issue.maximum)}`;
    default:
      return `is invalid: ${issue.message}`;
  }
}
