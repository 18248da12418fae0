import type { LabelSelector } from "./object.ts";

/** Says whether `labels` satisfy `selector`. An absent selector selects nothing, an empty one everything. */
export function selects(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === undefined) return false;
  const has = labels ?? {};
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => has[key] === value);
  return equal && (selector.matchExpressions ?? []).every((expression) => holds(expression, has));
}

function holds(
  { key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number],
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
