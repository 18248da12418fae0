import type { Result } from "@bookmesh/kernel";
import {
  isObject,
  listOf,
  objectOf,
  objectsOf,
  textOf,
  type JsonObject,
  type Schema,
} from "@bookmesh/kube-model";
import { mergeAs } from "./merge-patch.ts";
import { PatchError, type PatchFailure } from "./patch-failure.ts";

/** Fields of a patch that say how to merge instead of what. */
const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
const ELEMENT_ORDER = "$setElementOrder/";
const RETAIN_KEYS = "$retainKeys";
const DIRECTIVE = "$patch";

/**
 * Applies a strategic merge patch, which merges lists by key where the schema names one; built-in kinds only.
 * Source: Kubernetes, "Update API Objects in Place Using kubectl patch" and its `strategicpatch` directives.
 */
export function applyStrategicMergePatch(
  schema: Schema,
  target: unknown,
  patch: unknown,
): Result<unknown, PatchFailure> {
  return mergeAs(patch, (document) => mergeObject({ schema }, target, document));
}

/** Where a merge stands: the schema of what is merged. */
interface MergeContext {
  readonly schema: Schema | undefined;
}

/** Merges an object of a patch into its target; `undefined` where `$patch: delete` takes it away. */
function mergeObject(context: MergeContext, target: unknown, patch: JsonObject): JsonObject | undefined {
  const directive = patch[DIRECTIVE];
  if (directive === "delete") return undefined;
  if (directive !== undefined && directive !== "replace" && directive !== "merge") {
    throw new PatchError({ code: 400, message: `unknown patch type: ${textOf(directive)}` });
  }
  const base = directive === "replace" ? {} : retained(objectOf(target), patch[RETAIN_KEYS]);
  const result = new Map(Object.entries(base));
  for (const field of mergedFields(patch)) mergeField(context, { result, patch, field });
  return Object.fromEntries(result);
}

/** The fields that a patch touches, by value or by directive. */
function mergedFields(patch: JsonObject): ReadonlySet<string> {
  const fields = Object.keys(patch).map((key) => {
    if (key.startsWith(DELETE_FROM_LIST)) return key.slice(DELETE_FROM_LIST.length);
    return key.startsWith(ELEMENT_ORDER) ? key.slice(ELEMENT_ORDER.length) : key;
  });
  return new Set(fields.filter((field) => field !== DIRECTIVE && field !== RETAIN_KEYS));
}

function retained(target: JsonObject, keys: unknown): JsonObject {
  if (keys === undefined) return target;
  const kept = new Set(listOf(keys));
  return Object.fromEntries(Object.entries(target).filter(([field]) => kept.has(field)));
}

function mergeField(
  { schema }: MergeContext,
  { result, patch, field }: { result: Map<string, unknown>; patch: JsonObject; field: string },
): void {
  const value = patch[field];
  if (value === null) {
    result.delete(field);
    return;
  }
  const fieldSchema = schemaOf(schema, field);
  const order = patch[ELEMENT_ORDER + field];
  const removed = patch[DELETE_FROM_LIST + field];
  const isList = Array.isArray(value) || order !== undefined || removed !== undefined;
  if (!isList) {
    if (!isObject(value)) result.set(field, value);
    else setOrDelete(result, field, mergeObject({ schema: fieldSchema }, result.get(field), value));
    return;
  }
  const merge = isObject(listOf(value)[0] ?? listOf(order)[0] ?? listOf(result.get(field))[0])
    ? mergeObjectLists
    : mergePrimitiveLists;
  const context = { schema: fieldSchema };
  result.set(field, merge(context, listOf(result.get(field)), { value, order, removed }));
}

function setOrDelete(result: Map<string, unknown>, field: string, value: JsonObject | undefined): void {
  if (value === undefined) result.delete(field);
  else result.set(field, value);
}

function schemaOf(schema: Schema | undefined, field: string): Schema | undefined {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, field)) return properties[field];
  return isObject(schema?.additionalProperties) ? schema.additionalProperties : undefined;
}

/** What a strategic merge patch says about one list. */
interface ListPatch {
  readonly value: unknown;
  /** `$setElementOrder`: values, or objects with the merge key. */
  readonly order: unknown;
  /** `$deleteFromPrimitiveList`. */
  readonly removed: unknown;
}

/** Merges a list of plain values: a set where the schema says `merge`, replaced otherwise. */
function mergePrimitiveLists(
  { schema }: MergeContext,
  target: readonly unknown[],
  { value, order, removed }: ListPatch,
): readonly unknown[] {
  if (!strategies(schema).includes("merge")) return value === undefined ? target : listOf(value);
  const gone = new Set(listOf(removed));
  const kept = target.filter((item) => !gone.has(item));
  const merged = [...new Set([...kept, ...listOf(value)])];
  return order === undefined ? merged : inOrder(merged, listOf(order), (item) => item);
}

/** Merges a list of objects by the schema's merge key; replaced where it has none. */
function mergeObjectLists(
  { schema }: MergeContext,
  target: readonly unknown[],
  { value, order }: ListPatch,
): readonly unknown[] {
  const key = schema?.["x-kubernetes-patch-merge-key"];
  const items = objectsOf(value);
  const replaces = items.some((item) => item["$patch"] === "replace");
  if (key === undefined || !strategies(schema).includes("merge") || replaces) {
    return value === undefined ? target : items.filter((item) => item["$patch"] === undefined);
  }
  let merged = [...objectsOf(target)];
  for (const item of items) {
    if (item[key] === undefined) {
      throw new PatchError({
        code: 400,
        message: `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`,
      });
    }
    merged = mergeItem(merged, item, { key, context: { schema: schema?.items } });
  }
  if (order === undefined) return interleaved(merged, { target: objectsOf(target), items, key });
  return inOrder(merged, listOf(order), (item) => (isObject(item) ? item[key] : item));
}

/**
 * The order of a merged list: the patch's items keep theirs, the others theirs; one of the others comes first only where
 * both were there before, in that order. Source: Kubernetes, `strategicpatch`, `mergeSortedSlice`.
 */
function interleaved(
  merged: readonly JsonObject[],
  {
    target,
    items,
    key,
  }: { readonly target: readonly JsonObject[]; readonly items: readonly JsonObject[]; readonly key: string },
): readonly JsonObject[] {
  const place = (list: readonly JsonObject[], item: JsonObject) =>
    list.findIndex((each) => each[key] === item[key]);
  const others = merged.filter((item) => place(items, item) < 0);
  const result = [];
  for (const item of items.flatMap((each) => merged.filter((one) => one[key] === each[key]))) {
    const before = place(target, item);
    while (others[0] !== undefined && place(target, others[0]) < before) result.push(...others.splice(0, 1));
    result.push(item);
  }
  return [...result, ...others];
}

function mergeItem(
  list: readonly JsonObject[],
  patch: JsonObject,
  { key, context }: { readonly key: string; readonly context: MergeContext },
): JsonObject[] {
  const index = list.findIndex((item) => item[key] === patch[key]);
  const item = mergeObject(context, list[index], patch);
  if (index < 0) return item === undefined ? [...list] : [...list, item];
  if (item === undefined) return list.filter((other) => other[key] !== patch[key]);
  return list.with(index, item);
}

/** Puts the items that `order` names into that order; the others stay behind the item they followed. */
function inOrder<T>(
  items: readonly T[],
  order: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly T[] {
  const rank = new Map(order.map((entry, index) => [keyOf(entry), index]));
  const named = items
    .filter((item) => rank.has(keyOf(item)))
    .sort((a, b) => (rank.get(keyOf(a)) ?? 0) - (rank.get(keyOf(b)) ?? 0));
  const result: T[] = [...named];
  for (const [index, item] of items.entries()) {
    if (rank.has(keyOf(item))) continue;
    const before = items[index - 1];
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, item);
  }
  return result;
}

function strategies(schema: MergeContext["schema"]): readonly string[] {
  return textOf(schema?.["x-kubernetes-patch-strategy"]).split(",");
}
