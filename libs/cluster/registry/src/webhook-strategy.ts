import { isDeepStrictEqual } from "node:util";
import { conditionFault } from "@bookmesh/schema-rules";
import { objectsField, textField } from "./json.ts";
import type { Cause, Strategy } from "./strategy.ts";

/** Conditions of a webhook are judged when they are written, not when the first write meets them. */
export function webhookStrategy(): Strategy {
  return {
    problems: (configuration, previous) =>
      isDeepStrictEqual(configuration["webhooks"], previous?.["webhooks"])
        ? []
        : objectsField(configuration, "webhooks").flatMap((webhook, index) =>
            conditionIssues(webhook, `webhooks[${index}]`),
          ),
  };
}

function conditionIssues(webhook: Readonly<Record<string, unknown>>, field: string): readonly Cause[] {
  return objectsField(webhook, "matchConditions").flatMap((condition, index) => {
    const expression = textField(condition, "expression") ?? "";
    const fault = conditionFault(expression);
    if (fault === undefined) return [];
    const message = `Invalid value: ${JSON.stringify(expression)}: ${fault}`;
    return [{ reason: "FieldValueInvalid", message, field: `${field}.matchConditions[${index}].expression` }];
  });
}
