import { err, ok, type Result } from "@bookmesh/kernel";
import { EvaluationError, type Environment } from "@marcbachmann/cel-js";
import { compileFault } from "./compile-fault.ts";
import { ruleEnvironment } from "./rule-environment.ts";
import { jsonToCel } from "./shape.ts";

/** What a match condition speaks of: JSON, as a webhook gets it; `null` where there is none. */
export interface ConditionValues {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
}

/** Says whether a condition holds of a write, or why that cannot be told. */
export function conditionHolds(expression: string, values: ConditionValues): Result<boolean, string> {
  try {
    const run = conditionEnvironment().parse(expression);
    const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, jsonToCel(value)]));
    return ok(run(given) === true);
  } catch (error) {
    return err(error instanceof EvaluationError ? error.summary.toLowerCase() : String(error));
  }
}

/** Why an expression is no condition; `undefined` where it is one. */
export function conditionFault(expression: string): string | undefined {
  const { valid, type = "", error } = conditionEnvironment().check(expression);
  if (!valid) return error ? compileFault(expression, error) : "compilation failed";
  return type === "bool" || type === "dyn" ? undefined : `must evaluate to bool but got ${type}`;
}

function conditionEnvironment(): Environment {
  return ["object", "oldObject", "request", "authorizer"].reduce(
    (environment, name) => environment.registerVariable(name, "dyn"),
    ruleEnvironment(),
  );
}
