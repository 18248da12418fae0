import type { Json } from "./json.ts";

/** A place where two meshes are told different things. */
export interface Difference {
  readonly at: readonly string[];
  readonly ours: Json | undefined;
  readonly istiods: Json | undefined;
}

/** Every place where two values differ, as deep down as both have the same shape. */
export function differences(
  ours: Json | undefined,
  istiods: Json | undefined,
  at: readonly string[] = [],
): readonly Difference[] {
  const one = partsOf(ours);
  const other = partsOf(istiods);
  if (one === undefined || other === undefined || Array.isArray(ours) !== Array.isArray(istiods))
    return ours === istiods ? [] : [{ at, ours, istiods }];
  if (Array.isArray(ours) && one.size !== other.size) return [{ at, ours, istiods }];
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  return keys.flatMap((key) => differences(one.get(key), other.get(key), [...at, key]));
}

function partsOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}
