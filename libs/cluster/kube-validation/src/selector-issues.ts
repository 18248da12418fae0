import {
  forbidden,
  invalid,
  listOf,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
} from "@bookmesh/kube-model";
import { labelIssues, problems } from "./metadata-issues.ts";
import { qualifiedName } from "./name-rules.ts";

/** What is wrong with a label selector. */
export function selectorIssues(selector: unknown, field: string): readonly FieldIssue[] {
  const labels = Object.entries(objectOf(objectOf(selector)["matchLabels"])).map(
    ([key, value]) => [key, textOf(value)] as const,
  );
  return [
    ...labelIssues(Object.fromEntries(labels), `${field}.matchLabels`),
    ...objectsOf(objectOf(selector)["matchExpressions"]).flatMap((expression, index) =>
      expressionIssues(expression, `${field}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionIssues(
  expression: Readonly<Record<string, unknown>>,
  field: string,
): readonly FieldIssue[] {
  const values = listOf(expression["values"]);
  return [
    ...operatorIssues(expression["operator"], values, field),
    ...problems(`${field}.key`, textOf(expression["key"]), qualifiedName),
  ];
}

function operatorIssues(operator: unknown, values: readonly unknown[], field: string): readonly FieldIssue[] {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [
            forbidden(
              `${field}.values`,
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
          ];
    default:
      return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
  }
}
