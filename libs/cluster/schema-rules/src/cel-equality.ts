/** Says whether two values of the same type are equal to a rule: objects by their fields, lists in order. */
export function equalCel(one: unknown, other: unknown): boolean {
  if (one instanceof Map && other instanceof Map) return equalMaps(one, other);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equalCel(item, other[index]));
  }
  if (one instanceof Uint8Array && other instanceof Uint8Array) return equalCel([...one], [...other]);
  if (isScalarObject(one) && isScalarObject(other)) return one.valueOf() === other.valueOf();
  return one === other;
}

function equalMaps(one: ReadonlyMap<unknown, unknown>, other: ReadonlyMap<unknown, unknown>): boolean {
  return (
    one.size === other.size &&
    [...one].every(([key, value]) => other.has(key) && equalCel(value, other.get(key)))
  );
}

/** Timestamps and durations. */
function isScalarObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
