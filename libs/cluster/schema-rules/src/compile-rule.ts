import { Optional, type Environment, type ParseResult } from "@marcbachmann/cel-js";
import type { ValidationRule } from "@bookmesh/kube-model";
import { err, ok, type Result } from "@bookmesh/kernel";
import { compileFault } from "./compile-fault.ts";
import type { Shape } from "./shape.ts";

/** A value and what it was before, as rules see them. */
export interface RuleValues {
  readonly self: unknown;
  /** Absent: there was none. */
  readonly oldSelf?: unknown;
}

/** A rule that can be asked. */
export interface CompiledRule {
  readonly source: ValidationRule;
  /** It compares with what was before, so it says nothing of new values. */
  readonly usesOld: boolean;
  /** Says whether the rule holds; throws where it cannot be told. */
  holds(values: RuleValues): boolean;
  /** What its author says to those who break it; `undefined` where there is nothing to say. */
  message(values: RuleValues): string | undefined;
}

/** What is wrong with a part of a rule. */
export interface RuleFault {
  readonly part: "rule" | "messageExpression" | "optionalOldSelf";
  readonly sentence: string;
}

/** Compiles a rule about values of `shape`, whose types `environment` knows. */
export function compileRule(
  source: ValidationRule,
  shape: Shape,
  environment: Environment,
): Result<CompiledRule, readonly RuleFault[]> {
  const isOptional = source.optionalOldSelf === true;
  const alone = environment.clone().registerVariable("self", shape.type);
  const before = isOptional ? `optional<${shape.type}>` : shape.type;
  const both = alone.clone().registerVariable("oldSelf", before);
  const rule = compile(source.rule, both);
  const message = compile(source.messageExpression ?? "''", both);
  const usesOld = !alone.check(source.rule).valid;
  const faults: RuleFault[] = [
    ...faultsOf("rule", rule, { type: "bool", sentence: "cel expression must evaluate to a bool" }),
    ...faultsOf("messageExpression", message, {
      type: "string",
      sentence: "messageExpression must evaluate to a string",
    }),
    ...(isOptional && !usesOld
      ? [{ part: "optionalOldSelf", sentence: "may not be set if oldSelf is not used in rule" } as const]
      : []),
  ];
  if (faults.length > 0 || !rule.ok || !message.ok) return err(faults);
  const given = isOptional ? withOptionalOld : (values: RuleValues) => ({ ...values });
  return ok({
    source,
    usesOld: usesOld && !isOptional,
    holds: (values) => rule.value.run(given(values)) === true,
    message: (values) => messageOf(source, () => message.value.run(given(values))),
  });
}

interface Compiled {
  readonly run: ParseResult;
  readonly type: string;
}

function compile(text: string, environment: Environment): Result<Compiled, string> {
  const { valid, type = "", error } = environment.check(text);
  if (!valid) return err(error ? compileFault(text, error) : "compilation failed");
  return ok({ run: environment.parse(text), type });
}

function faultsOf(
  part: RuleFault["part"],
  compiled: Result<Compiled, string>,
  wanted: { readonly type: string; readonly sentence: string },
): readonly RuleFault[] {
  if (!compiled.ok) return [{ part, sentence: compiled.error }];
  const isFitting = compiled.value.type === wanted.type || compiled.value.type === "dyn";
  return isFitting ? [] : [{ part, sentence: wanted.sentence }];
}

function withOptionalOld({ self, oldSelf }: RuleValues): Record<string, unknown> {
  return { self, oldSelf: oldSelf === undefined ? Optional.none() : Optional.of(oldSelf) };
}

/** A message that cannot be made, is empty or has several lines is not told; the rule's plain message is. */
function messageOf({ message = "" }: ValidationRule, made: () => unknown): string | undefined {
  const plain = message.trim() === "" ? undefined : message.trim();
  try {
    const text = made();
    return typeof text === "string" && text.trim() !== "" && !text.includes("\n") ? text.trim() : plain;
  } catch {
    return plain; // its author wrote one for this case, or the rule itself is told
  }
}
