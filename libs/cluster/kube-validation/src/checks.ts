import {
  duplicate,
  equalJson,
  invalid,
  notSupported,
  required,
  textOf,
  type FieldIssue,
} from "@bookmesh/kube-model";

/** The sentence for a port that is none. */
export const PORT_RANGE = "must be between 1 and 65535, inclusive";

const NOT_NEGATIVE = "must be greater than or equal to 0";
const IMMUTABLE = "field is immutable";
const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** Says whether a number can be a port. */
export function isPort(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && value <= 65_535;
}

/** An absent number is fine, a negative one is not. */
export function notNegative(field: string, value: unknown): readonly FieldIssue[] {
  return typeof value === "number" && value < 0 ? [invalid(field, value, NOT_NEGATIVE)] : [];
}

/** A number of things, or a percentage of them. */
export function amount(field: string, value: unknown): readonly FieldIssue[] {
  if (typeof value === "string") return /^\d+%$/.test(value) ? [] : [invalid(field, value, PERCENT)];
  return notNegative(field, value);
}

/** A value of a closed list; absent ones are fine. */
export function oneOf(field: string, value: unknown, supported: readonly string[]): readonly FieldIssue[] {
  if (value === undefined || supported.includes(textOf(value))) return [];
  return [notSupported(field, value, supported)];
}

/** A text that must be there. */
export function needed(field: string, value: unknown): readonly FieldIssue[] {
  return value === undefined || value === "" ? [required(field)] : [];
}

/** A field that keeps its first value. */
export function unchanged(field: string, value: unknown, previous: unknown): readonly FieldIssue[] {
  return equalJson(value, previous) ? [] : [invalid(field, value, IMMUTABLE)];
}

/** Names that appear a second time, at the place where they do. */
export function uniqueNames(
  names: readonly string[],
  fieldAt: (index: number) => string,
): readonly FieldIssue[] {
  return names.flatMap((name, index) =>
    name !== "" && names.indexOf(name) < index ? [duplicate(fieldAt(index), name)] : [],
  );
}

/** Says whether a text is an IP address of either family, as far as it can be told by its form. */
export function isAddress(text: string): boolean {
  const parts = text.split(".");
  const isV4 =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isV4 || (text.includes(":") && /^[0-9a-f:]{2,39}$/i.test(text));
}

/** The sentence for an address that is none. */
export const ADDRESS_RULE = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
