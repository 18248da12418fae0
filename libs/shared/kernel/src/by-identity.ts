/**
 * A function of objects that remembers what it made of the very same ones, for as long as they are there. It suits
 * values that are never changed: what changed is another object.
 */
export function byIdentity<Keys extends readonly object[], Value>(
  make: (...keys: Keys) => Value,
): (...keys: Keys) => Value {
  const root: Known<Value> = {};
  return (...keys) => {
    let known = root;
    for (const key of keys) known = below(known, key);
    known.made ??= { value: make(...keys) };
    return known.made.value;
  };
}

/** What is known of the keys so far. */
interface Known<Value> {
  made?: { readonly value: Value };
  below?: WeakMap<object, Known<Value>>;
}

function below<Value>(known: Known<Value>, key: object): Known<Value> {
  known.below ??= new WeakMap();
  const found = known.below.get(key) ?? {};
  known.below.set(key, found);
  return found;
}

/** A function that remembers its last call: the very same arguments get the very same answer. */
export function lastCall<Args extends readonly unknown[], Value>(
  make: (...args: Args) => Value,
): (...args: Args) => Value {
  let last: { readonly args: Args; readonly value: Value } | undefined;
  return (...args) => {
    if (last === undefined || !hasSame(last.args, args)) last = { args, value: make(...args) };
    return last.value;
  };
}

/** A function that gives the list before in the place of one that has the very same members. */
export function steadyList<Item>(): (list: readonly Item[]) => readonly Item[] {
  let before: readonly Item[] = [];
  return (list) => {
    if (!hasSame(before, list)) before = list;
    return before;
  };
}

/** A function that gives the record before in the place of one whose members are the very same. */
export function steadyRecord<T extends object>(): (record: T) => T {
  let before: T | undefined;
  return (record) => {
    if (before === undefined || !hasSame(Object.values(before), Object.values(record))) before = record;
    return before;
  };
}

/** Says whether two lists have the very same members, in the same order. */
export function hasSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}
