import { at, isObject, listOf } from "./json.ts";

/** A path as CRDs use it for columns, replicas and selectors. */
export type JsonPath = (object: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

const TOKEN =
  /\.(?<field>(?:\\.|[^.[\]\\])+)|\[\s*'(?<quoted>(?:\\.|[^'])*)'\s*\]|\[(?<index>-?\d+|\*)\]|\[\?\(\s*@(?<left>(?:\.[\w-]+)+)\s*==\s*["'](?<right>[^"']*)["']\s*\)\]/y;

/**
 * Reads a simple JSON path: `.spec.host`, `.status.conditions[?(@.type=="Ready")].status`, `.a['b.c'][0]`, `.items[*].name`.
 * `undefined` where it is none. Source: Kubernetes, "JSONPath Support", as far as `additionalPrinterColumns` go.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const source = text.replace(/^\{(.*)\}$/, "$1").replace(/^\$/, "");
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  for (let position = 0; position < source.length; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) return undefined;
    steps.push(stepOf(groups));
  }
  if (steps.length === 0) return undefined;
  return (object) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [object]);
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { field, quoted, index, left, right } = groups;
  if (left !== undefined) {
    const path = left.slice(1).split(".");
    return (value) => listOf(value).filter((item) => String(at(item, ...path)) === right);
  }
  if (index === "*") return (value) => (isObject(value) ? Object.values(value) : listOf(value));
  if (index !== undefined) {
    const position = Number(index);
    return (value) => present(listOf(value).at(position));
  }
  const name = (field ?? quoted ?? "").replaceAll(/\\(.)/g, "$1");
  return (value) => present(at(value, name));
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}
