import { isObject, type JsonObject } from "@bookmesh/kube-model";

/** A text field; `undefined` where it is missing or something else. */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** A number field; `undefined` where it is missing or something else. */
export function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" ? value : undefined;
}

/** An object field; `undefined` where it is missing or something else. */
export function objectField(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name];
  return isObject(value) ? value : undefined;
}

/** The object without some of its fields. */
export function without<T extends object, K extends keyof T>(object: T, ...names: readonly K[]): Omit<T, K> {
  const copy = { ...object };
  for (const name of names) Reflect.deleteProperty(copy, name);
  return copy;
}

/** A list field; empty where it is missing or something else. */
export function listField(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name];
  return Array.isArray(value) ? value : [];
}

/** The texts of a list field; none where it is missing or something else. */
export function textsField(object: JsonObject, name: string): readonly string[] {
  return listField(object, name).filter((each) => typeof each === "string");
}

/** The objects of a list field; none where it is missing or something else. */
export function objectsField(object: JsonObject, name: string): readonly JsonObject[] {
  return listField(object, name).filter(isObject);
}
