import type { ParseError, TypeError as CelTypeError } from "@marcbachmann/cel-js";
import { isObject } from "@bookmesh/kube-model";

type CompileError = ParseError | CelTypeError;

/** What is wrong where in a rule. */
interface Fault {
  readonly index: number;
  readonly sentence: string;
}

/** Why a rule cannot be compiled, as Kubernetes tells it: the place, a sentence, and the line with a mark below it. */
export function compileFault(rule: string, error: CompileError): string {
  const { index, sentence } = faultOf(rule, error);
  const before = rule.slice(0, index).split("\n");
  const column = before.at(-1)?.length ?? 0;
  const line = rule.split("\n")[before.length - 1] ?? "";
  const place = `<input>:${before.length}:${column + 1}`;
  return `compilation failed: ERROR: ${place}: ${sentence}\n | ${line}\n | ${".".repeat(column)}^`;
}

function faultOf(rule: string, error: CompileError): Fault {
  const { start, end } = error.range ?? { start: 0, end: 0 };
  const last = (pattern: RegExp) => pattern.exec(error.summary)?.[1] ?? "";
  switch (error.code) {
    case "no_such_key":
      return { index: start - 1, sentence: `undefined field '${last(/: (.*)$/)}'` };
    case "cannot_index_type":
      return { index: start - 1, sentence: `type '${last(/'(.*)'$/)}' does not support field selection` };
    case "no_such_overload":
      return overloadFault(rule, error, start);
    case "no_matching_overload":
      return callFault(error.summary, { rule, start, end });
    case "unknown_variable":
      return { index: start, sentence: `undeclared reference to '${last(/: (.*)$/)}' (in container '')` };
    default:
      return { index: start, sentence: error.summary };
  }
}

/** An operator that does not take what stands on its two sides; the place is the operator's. */
function overloadFault(rule: string, error: CompileError, start: number): Fault {
  const [, one = "", operator = "", other = ""] =
    /^no such overload: (.*?) (\S+) (.*)$/.exec(error.summary) ?? [];
  if (operator === "") return { index: start, sentence: error.summary };
  const name = operator === "in" ? "@in" : `_${operator}_`;
  const from = endOfFirstOperand(error.node) ?? start;
  return {
    index: Math.max(rule.indexOf(operator, from), start),
    sentence: `found no matching overload for '${name}' applied to '(${typeName(one)}, ${typeName(other)})'`,
  };
}

function endOfFirstOperand(node: unknown): number | undefined {
  const args = isObject(node) && Array.isArray(node["args"]) ? (node["args"] as readonly unknown[]) : [];
  const [left] = args;
  return isObject(left) && typeof left["end"] === "number" ? left["end"] : undefined;
}

/** A call of something that is not there; the place is that of the bracket. */
function callFault(
  summary: string,
  { rule, start, end }: { readonly rule: string; readonly start: number; readonly end: number },
): Fault {
  const [, name = ""] = /'(?:.*\.)?([A-Za-z_]\w*)\(/.exec(summary) ?? [];
  const bracket = rule.slice(start, end).lastIndexOf(`${name}(`);
  const index = bracket < 0 ? start : start + bracket + name.length;
  return { index, sentence: `undeclared reference to '${name}' (in container '')` };
}

/** `list<string>` is `list(string)` in Kubernetes' sentences. */
function typeName(type: string): string {
  return type.replaceAll("<", "(").replaceAll(">", ")");
}
