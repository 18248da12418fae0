import { byIdentity } from "@bookmesh/kernel";

/** A function that remembers what it made. */
export interface Memo<Inputs, Value> {
  /** The value for `inputs`, made where no equal inputs have been seen lately. */
  of(inputs: Inputs): Value;
  /** Forgets what nobody has asked for since the last sweep but one. */
  sweep(): void;
}

/**
 * Remembers values by the record of their inputs, written as JSON: a field that matters cannot be forgotten, since
 * what `make` returns can depend on nothing else.
 */
export function memo<Inputs, Value>(make: (inputs: Inputs) => Value): Memo<Inputs, Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return {
    of(inputs) {
      const key = JSON.stringify(inputs);
      const value = young.get(key) ?? old.get(key) ?? make(inputs);
      young.set(key, value);
      return value;
    },
    sweep() {
      old = young;
      young = new Map();
    },
  };
}

/** The same for inputs that stay the very same records while nothing changes: those need not be written again. */
export function memoOfSame<Inputs extends object, Value>(
  make: (inputs: Inputs) => Value,
): Memo<Inputs, Value> {
  const equal = memo(make);
  return { of: byIdentity((inputs: Inputs) => equal.of(inputs)), sweep: () => equal.sweep() };
}
