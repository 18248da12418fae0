/** Remembers values by the inputs that they were made from. */
export interface InputsCache {
  /** The value for `inputs`, made by `make` where no equal inputs have been seen lately. */
  remember<Inputs, Value>(kind: string, inputs: Inputs, make: (inputs: Inputs) => Value): Value;
  /** Forgets what no call has asked for since the last sweep. */
  sweep(): void;
}

/**
 * A cache whose key is the inputs record itself, written as JSON: a field that matters cannot be forgotten, since
 * what is made can depend on nothing else.
 */
export function inputsCache(): InputsCache {
  let young = new Map<string, unknown>();
  let old = new Map<string, unknown>();
  return {
    remember<Inputs, Value>(kind: string, inputs: Inputs, make: (inputs: Inputs) => Value): Value {
      const key = `${kind} ${JSON.stringify(inputs)}`;
      const known = young.get(key) ?? old.get(key);
      // The kind stands in the key, and each kind has one maker: what comes back is what `make` made.
      const value = known === undefined ? make(inputs) : (known as Value);
      young.set(key, value);
      return value;
    },
    sweep() {
      old = young;
      young = new Map();
    },
  };
}
