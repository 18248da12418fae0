import { err, ok, type Result } from "@bookmesh/kernel";

/** What may stand in a setting: how its text is read, and the same rule as a JSON schema. */
export interface ValueType<Value> {
  /** The reason of a refusal is a sentence without its subject. */
  readonly read: (text: string) => Result<Value, string>;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A text of a certain form; `form` completes the sentence "must be …". */
export function matching(pattern: RegExp, form: string): ValueType<string> {
  return {
    read: (text) => (pattern.test(text) ? ok(text) : err(`must be ${form}, not "${text}"`)),
    schema: { type: "string", pattern: pattern.source },
  };
}

/** One of a few names. */
export function oneOf<const Name extends string>(...names: readonly Name[]): ValueType<Name> {
  return {
    read: (text) => {
      const name = names.find((candidate) => candidate === text);
      return name === undefined ? err(`must be one of ${names.join(", ")}, not "${text}"`) : ok(name);
    },
    schema: { type: "string", enum: names },
  };
}

/** Yes or no. */
export const flag: ValueType<boolean> = {
  read: (text) =>
    text === "true" || text === "false" ? ok(text === "true") : err(`must be true or false, not "${text}"`),
  schema: { type: "boolean" },
};

/** How many of something there shall be, at least one. */
export const count: ValueType<number> = {
  read: (text) =>
    /^[1-9]\d{0,3}$/.test(text) ? ok(Number(text)) : err(`must be a whole number from 1 on, not "${text}"`),
  schema: { type: "integer", minimum: 1 },
};

/** An amount of CPU time: `500m`, `2`. */
export const cpu = matching(/^\d+(\.\d+)?m?$/, "an amount of CPU as 500m or 2");

/** An amount of memory: `128Mi`. */
export const memory = matching(/^\d+(\.\d+)?([KMGT]i?|k)?$/, "an amount of memory as 128Mi");
