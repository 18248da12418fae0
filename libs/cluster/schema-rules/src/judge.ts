import {
  duplicate,
  equalJson,
  forbidden,
  invalid,
  isObject,
  required,
  type FieldIssue,
} from "@bookmesh/kube-model";
import { EvaluationError } from "@marcbachmann/cel-js";
import { fieldBelow } from "./field-path.ts";
import type { CompiledRule, RuleValues } from "./compile-rule.ts";
import type { RuleNode } from "./rule-tree.ts";

/** A value, what it was, and where it stands. */
interface Place {
  readonly value: unknown;
  readonly previous: unknown;
  readonly path: string;
}

/** The field of a whole object, as Kubernetes writes it. */
const WHOLE = "<nil>";

/** The rules that an object, or its change from `previous`, breaks. The object must have passed its schema. */
export function judge(root: RuleNode, object: unknown, previous: unknown): readonly FieldIssue[] {
  return issuesAt(root, { value: object, previous, path: "" });
}

function issuesAt(node: RuleNode, place: Place): readonly FieldIssue[] {
  if (place.value === undefined || place.value === null) return [];
  return [...ownIssues(node, place), ...issuesBelow(node, place)];
}

function issuesBelow({ properties, values, items, schema }: RuleNode, place: Place): readonly FieldIssue[] {
  const { value, previous, path } = place;
  if (Array.isArray(value)) {
    const before = items ? correlated(schema["x-kubernetes-list-map-keys"], previous) : undefined;
    return value.flatMap((entry: unknown, index) =>
      items ? issuesAt(items, { value: entry, previous: before?.(entry), path: `${path}[${index}]` }) : [],
    );
  }
  if (!isObject(value)) return [];
  const old = isObject(previous) ? previous : {};
  return [
    ...[...properties].flatMap(([name, node]) =>
      issuesAt(node, {
        value: value[name],
        previous: old[name],
        path: path === "" ? name : `${path}.${name}`,
      }),
    ),
    ...Object.keys(values ? value : {}).flatMap((key) =>
      values ? issuesAt(values, { value: value[key], previous: old[key], path: `${path}[${key}]` }) : [],
    ),
  ];
}

/** Finds the entry that was there before: in a list with keys the one with the same keys. */
function correlated(keys: readonly string[] = [], previous: unknown): (entry: unknown) => unknown {
  const old: readonly unknown[] = Array.isArray(previous) ? previous : [];
  const keyOf = (entry: unknown) => JSON.stringify(keys.map((key) => (isObject(entry) ? entry[key] : null)));
  return (entry) => (keys.length === 0 ? undefined : old.find((each) => keyOf(each) === keyOf(entry)));
}

/** A value that stays as it was is not held against rules that came later. */
function ownIssues(
  { rules, shape, schema }: RuleNode,
  { value, previous, path }: Place,
): readonly FieldIssue[] {
  const hasOld = previous !== undefined && previous !== null;
  const isSame = hasOld && equalJson(value, previous);
  const due = rules.filter(({ usesOld }) => (usesOld ? hasOld : !isSame));
  if (due.length === 0) return [];
  const values: RuleValues = {
    self: shape.toCel(value),
    ...(hasOld && { oldSelf: shape.toCel(previous) }),
  };
  return due.flatMap((rule) => {
    const problem = problemOf(rule, values);
    return problem === undefined ? [] : [issueOf({ schema, rule, path }, problem)];
  });
}

function problemOf(rule: CompiledRule, values: RuleValues): string | undefined {
  const { source } = rule;
  try {
    if (rule.holds(values)) return undefined;
    return rule.message(values) ?? `failed rule: ${source.rule.trim()}`;
  } catch (error) {
    return `${reasonOf(error)} evaluating rule: ${rule.message(values) ?? source.rule.trim()}`;
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof EvaluationError ? error.summary : String(error);
  const [, index] = /index out of bounds, index (-?\d+)/.exec(text) ?? [];
  if (index !== undefined) return `index out of bounds: ${index}`;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function issueOf(
  { schema, rule, path }: Pick<RuleNode, "schema"> & { readonly rule: CompiledRule; readonly path: string },
  message: string,
): FieldIssue {
  const { reason, fieldPath = "" } = rule.source;
  const below = fieldBelow(schema, fieldPath) ?? "";
  const field = `${path}${below}`.replace(/^\./, "") || WHOLE;
  const type = schema.type ?? "";
  switch (reason) {
    case "FieldValueRequired":
      return required(field, message);
    case "FieldValueForbidden":
      return forbidden(field, message);
    case "FieldValueDuplicate":
      return duplicate(field, type);
    default:
      return invalid(field, type, message);
  }
}
