/**
 * Lays one value of a configuration over another: objects key by key, lists place by place, and else the upper one.
 */
export function layOver(lower: unknown, upper: unknown): unknown {
  if (upper === undefined) return lower;
  if (Array.isArray(lower) && Array.isArray(upper)) {
    const places = Math.max(lower.length, upper.length);
    return Array.from({ length: places }, (_, place) => layOver(lower[place], upper[place]));
  }
  if (!isObject(lower) || !isObject(upper)) return upper;
  const keys = [...new Set([...Object.keys(lower), ...Object.keys(upper)])];
  return Object.fromEntries(keys.map((key) => [key, layOver(lower[key], upper[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
