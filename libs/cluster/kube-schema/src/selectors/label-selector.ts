import { err, ok, type Result } from "@bookmesh/kernel";
import { labelValue, qualifiedName } from "@bookmesh/kube-validation";
import { isWord, selectorTokens, type Token } from "./selector-tokens.ts";

/** Says whether an object's labels satisfy a selector. */
export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

/** One condition: `a=b`, `e in (x,y)`, `!f`. */
interface Requirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "gt" | "lt";
  readonly values: readonly string[];
}

/** What the parser has read, and where it stands. */
interface Step<T> {
  readonly value: T;
  readonly next: number;
}

const END_EXPECTED = "',' or 'end of string'";

/** Reads `a=b,c!=d,e in (x,y),!f`, or says why it cannot. "" selects everything. Source: Kubernetes, `labels.Parse`. */
export function parseLabelSelector(text: string): Result<LabelMatcher, string> {
  const tokens = selectorTokens(text);
  const requirements: Requirement[] = [];
  let position = 0;
  while (position < tokens.length) {
    const start = tokens[position] ?? "";
    if (start !== "!" && !isWord(start))
      return err(`found '${start}', expected: !, identifier, or 'end of string'`);
    const requirement = readRequirement(tokens, position);
    if (!requirement.ok) return err(`unable to parse requirement: ${requirement.error}`);
    requirements.push(requirement.value.value);
    position = requirement.value.next;
    const separator = tokens[position] ?? "";
    if (separator === "") break;
    if (separator !== ",") return err(`found '${separator}', expected: ${END_EXPECTED}`);
    position += 1;
    const following = tokens[position] ?? "";
    if (following !== "!" && !isWord(following)) {
      return err(`found '${following}', expected: identifier after ','`);
    }
  }
  return ok((labels) => requirements.every((requirement) => holds(requirement, labels ?? {})));
}

function readRequirement(tokens: readonly Token[], start: number): Result<Step<Requirement>, string> {
  const isNegated = tokens[start] === "!";
  const keyAt = isNegated ? start + 1 : start;
  const key = tokens[keyAt] ?? "";
  if (!isWord(key)) return err(`found '${key}', expected: identifier`);
  const [keyProblem] = qualifiedName(key);
  if (keyProblem !== undefined) return err(`<nil>: Invalid value: ${JSON.stringify(key)}: ${keyProblem}`);
  if (isNegated) return ok({ value: { key, operator: "absent", values: [] }, next: keyAt + 1 });
  const operator = tokens[keyAt + 1] ?? "";
  if (operator === "" || operator === ",") {
    return ok({ value: { key, operator: "exists", values: [] }, next: keyAt + 1 });
  }
  return readComparison(tokens, { key, operator, next: keyAt + 2 });
}

function readComparison(
  tokens: readonly Token[],
  { key, operator, next }: { readonly key: string; readonly operator: Token; readonly next: number },
): Result<Step<Requirement>, string> {
  switch (operator) {
    case "in":
    case "notin": {
      const values = readSet(tokens, next);
      return values.ok ? checked({ key, operator, values: values.value.value }, values.value.next) : values;
    }
    case "=":
    case "==":
    case "!=": {
      const value = readValue(tokens, next);
      return checked(
        { key, operator: operator === "!=" ? "notin" : "in", values: [value.value] },
        value.next,
      );
    }
    case ">":
    case "<": {
      const value = readValue(tokens, next);
      return checked({ key, operator: operator === ">" ? "gt" : "lt", values: [value.value] }, value.next);
    }
    default:
      return err(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

/** A missing value is an empty one. */
function readValue(tokens: readonly Token[], position: number): Step<string> {
  const token = tokens[position] ?? "";
  return isWord(token) ? { value: token, next: position + 1 } : { value: "", next: position };
}

function readSet(tokens: readonly Token[], start: number): Result<Step<readonly string[]>, string> {
  const open = tokens[start] ?? "";
  if (open !== "(") return err(`found '${open}' expected: '('`);
  const values: string[] = [];
  let position = start + 1;
  for (;;) {
    const value = readValue(tokens, position);
    values.push(value.value);
    const separator = tokens[value.next] ?? "";
    position = value.next + 1;
    if (separator === ")") return ok({ value: values, next: position });
    if (separator !== ",") return err(`found '${separator}', expected: ',' or ')'`);
  }
}

function checked(requirement: Requirement, next: number): Result<Step<Requirement>, string> {
  const { key, operator, values } = requirement;
  for (const [index, value] of values.entries()) {
    if ((operator === "gt" || operator === "lt") && !/^[-+]?\d+$/.test(value)) {
      const rule = "for 'Gt', 'Lt' operators, the value must be an integer";
      return err(`values[${index}]: Invalid value: ${JSON.stringify(value)}: ${rule}`);
    }
    const [problem] = labelValue(value);
    if (problem !== undefined) {
      return err(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`);
    }
  }
  return ok({ value: requirement, next });
}

function holds({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const number = /^[-+]?\d+$/.test(value ?? "") ? Number(value) : Number.NaN;
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "gt":
      return number > Number(values[0]);
    case "lt":
      return number < Number(values[0]);
  }
}
