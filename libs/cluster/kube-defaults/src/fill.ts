import { isObject, type JsonObject } from "@bookmesh/kube-model";

/** A step of defaulting: an object in, the same with more in it out. */
export type Fill = (object: JsonObject) => JsonObject;

/** The object with the fields that it lacks. */
export function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([field]) => object[field] === undefined);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

/** The object with one of its objects filled; an absent one stays absent. */
export function fillIn(object: JsonObject, field: string, step: Fill): JsonObject {
  const value = object[field];
  return isObject(value) ? { ...object, [field]: step(value) } : object;
}

/** The object with each entry of one of its lists filled. */
export function fillEach(object: JsonObject, field: string, step: Fill): JsonObject {
  const value = object[field];
  if (!Array.isArray(value)) return object;
  return { ...object, [field]: value.map((item: unknown) => (isObject(item) ? step(item) : item)) };
}

/** The object after several steps. */
export function fillAll(object: JsonObject, steps: readonly Fill[]): JsonObject {
  return steps.reduce((filled, step) => step(filled), object);
}
