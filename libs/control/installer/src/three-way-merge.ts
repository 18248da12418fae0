/** The three states that an apply compares. */
export interface MergeInput {
  /** What was applied before; `undefined` where nobody knows. */
  readonly original: unknown;
  /** What shall be. */
  readonly modified: unknown;
  /** What is. */
  readonly current: unknown;
}

/** Says by which key the items of a list correspond; `undefined`: the list is one value. */
export type ItemKey = (field: string, item: Fields) => string | undefined;

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * What `current` becomes: it takes what `modified` says, loses what only `original` said, and keeps what others
 * have added (defaults, status, other tools' fields). Source: Kubernetes, "Declarative Management of Objects".
 */
export function threeWayMerge(input: MergeInput, itemKey: ItemKey): unknown {
  return mergeValue(input, "", itemKey);
}

/** The JSON merge patch (RFC 7386) that turns `from` into `to`; `undefined` where they are equal. */
export function mergePatchOf(from: Fields, to: Fields): Fields | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const before = from[key];
    if (isFields(value) && isFields(before)) {
      const inner = mergePatchOf(before, value);
      if (inner) patch[key] = inner;
    } else if (!deepEqual(before, value)) {
      patch[key] = value;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Says whether two values of JSON are the same, whatever the order of their fields. */
export function deepEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => deepEqual(item, other[index]));
  }
  if (isFields(one) && isFields(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => key in other && deepEqual(one[key], other[key]))
    );
  }
  return one === other;
}

/** Says whether a value is an object of JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mergeValue(input: MergeInput, field: string, itemKey: ItemKey): unknown {
  const { original, modified, current } = input;
  if (isFields(modified) && isFields(current)) return mergeFields(input, itemKey);
  if (!Array.isArray(modified) || !Array.isArray(current)) return modified;
  const keyed = keyedLists(input, (item) => itemKey(field, item));
  if (keyed) return mergeKeyed(keyed, itemKey);
  // Unchanged by its author: what the server has filled in since then stays.
  return deepEqual(original, modified) && covers(current, modified) ? current : modified;
}

function mergeFields({ original, modified, current }: MergeInput, itemKey: ItemKey): Fields {
  const before = isFields(original) ? original : {};
  const wanted = isFields(modified) ? modified : {};
  const now = isFields(current) ? current : {};
  const dropped = Object.keys(before).filter((key) => !(key in wanted));
  const merged = Object.entries(now).filter(([key]) => !dropped.includes(key) && wanted[key] !== null);
  const taken = Object.entries(wanted)
    .filter(([, value]) => value !== null) // null asks for absence
    .map(([key, value]): [string, unknown] => [
      key,
      mergeValue({ original: before[key], modified: value, current: now[key] }, key, itemKey),
    ]);
  return Object.fromEntries([...merged, ...taken]);
}

type Keyed = ReadonlyMap<string, unknown>;

interface KeyedLists {
  readonly original: Keyed;
  readonly modified: Keyed;
  readonly current: Keyed;
}

/** The order of `modified` counts (an environment variable may name an earlier one); what others added follows. */
function mergeKeyed({ original, modified, current }: KeyedLists, itemKey: ItemKey): readonly unknown[] {
  const wanted = [...modified].map(([key, item]) =>
    mergeValue({ original: original.get(key), modified: item, current: current.get(key) }, "", itemKey),
  );
  const others = [...current].filter(([key]) => !modified.has(key) && !original.has(key));
  return [...wanted, ...others.map(([, item]) => item)];
}

function keyedLists(
  { original, modified, current }: MergeInput,
  keyOf: (item: Fields) => string | undefined,
): KeyedLists | undefined {
  const lists = [original ?? [], modified, current].map((list) => keyedList(list, keyOf));
  const [before, wanted, now] = lists;
  return before && wanted && now ? { original: before, modified: wanted, current: now } : undefined;
}

function keyedList(list: unknown, keyOf: (item: Fields) => string | undefined): Keyed | undefined {
  if (!Array.isArray(list)) return undefined;
  const keyed = new Map<string, unknown>();
  for (const item of list as readonly unknown[]) {
    const key = isFields(item) ? keyOf(item) : undefined;
    if (key === undefined || keyed.has(key)) return undefined;
    keyed.set(key, item);
  }
  return keyed;
}

/** Says whether `value` holds everything that `part` says. */
function covers(value: unknown, part: unknown): boolean {
  if (Array.isArray(value) && Array.isArray(part)) {
    return value.length === part.length && part.every((item, index) => covers(value[index], item));
  }
  if (isFields(value) && isFields(part)) {
    return Object.entries(part).every(([key, inner]) => covers(value[key], inner));
  }
  return value === part;
}
