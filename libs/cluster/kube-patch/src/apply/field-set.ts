import { isObject, type JsonObject } from "@bookmesh/kube-model";

/**
 * A set of an object's fields, as a tree. Keys are those of `fieldsV1`: `f:<field>`, `k:<keys of a list entry>`,
 * `v:<value of a set>`. Source: Kubernetes, `meta/v1.FieldsV1`.
 */
export interface FieldSet {
  /** The field that this node stands for is in the set itself, not only fields below it. */
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** The set without fields. */
export const NO_FIELDS: FieldSet = { isMember: false, children: new Map() };

/** One field. */
export const ONE_FIELD: FieldSet = { isMember: true, children: new Map() };

/** Reads `fieldsV1`. */
export function parseFieldSet(fields: unknown): FieldSet {
  if (!isObject(fields)) return NO_FIELDS;
  const entries = Object.entries(fields).filter(([key]) => key !== ".");
  const isMember = "." in fields || entries.length === 0;
  return { isMember, children: new Map(entries.map(([key, child]) => [key, parseFieldSet(child)])) };
}

/** Writes `fieldsV1`. */
export function formatFieldSet({ isMember, children }: FieldSet): JsonObject {
  const entries = [...children].map(([key, child]) => [key, formatFieldSet(child)] as const);
  const own = isMember && entries.length > 0 ? { ".": {} } : {};
  return { ...own, ...Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Says whether a set has no fields. */
export function isEmptySet({ isMember, children }: FieldSet): boolean {
  return !isMember && [...children.values()].every(isEmptySet);
}

/** The fields of either set. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map(left.children);
  for (const [key, child] of right.children) children.set(key, union(children.get(key) ?? NO_FIELDS, child));
  return { isMember: left.isMember || right.isMember, children };
}

/** The fields of `left` that are not in `right`. */
export function subtract(left: FieldSet, right: FieldSet): FieldSet {
  const children = [...left.children]
    .map(([key, child]) => [key, subtract(child, right.children.get(key) ?? NO_FIELDS)] as const)
    .filter(([, child]) => !isEmptySet(child));
  return { isMember: left.isMember && !right.isMember, children: new Map(children) };
}

/** The fields of both sets. */
export function intersect(left: FieldSet, right: FieldSet): FieldSet {
  const children = [...left.children]
    .map(([key, child]) => [key, intersect(child, right.children.get(key) ?? NO_FIELDS)] as const)
    .filter(([, child]) => !isEmptySet(child));
  return { isMember: left.isMember && right.isMember, children: new Map(children) };
}

/** The paths of a set's fields as messages show them: `.spec.containers[name="a"].image`. */
export function pathsOf(set: FieldSet, path = ""): readonly string[] {
  const below = [...set.children].flatMap(([key, child]) => pathsOf(child, path + stepText(key)));
  return set.isMember && path !== "" ? [path, ...below] : below;
}

function stepText(key: string): string {
  const text = key.slice(2);
  if (key.startsWith("f:")) return `.${text}`;
  if (key.startsWith("v:")) return `[=${text}]`;
  const keys: unknown = JSON.parse(text);
  const pairs = Object.entries(isObject(keys) ? keys : {}).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return `[${pairs.join(",")}]`;
}
