/** What is wrong with a field. The words are those of `details.causes[].reason`. Source: Kubernetes, `field.ErrorType`. */
export type FieldIssueReason =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "FieldValueNotFound";

/** One reason why an object is refused. */
export interface FieldIssue {
  readonly reason: FieldIssueReason;
  /** `spec.template.spec.containers[0].name` */
  readonly field: string;
  /** Kubernetes' sentence without the field: `Required value`, `Invalid value: -1: must be …`. */
  readonly message: string;
}

/** The field must be there. */
export function required(field: string, detail = ""): FieldIssue {
  return { reason: "FieldValueRequired", field, message: withDetail("Required value", detail) };
}

/** The value does not do. */
export function invalid(field: string, value: unknown, detail: string): FieldIssue {
  return {
    reason: "FieldValueInvalid",
    field,
    message: withDetail(`Invalid value: ${quoted(value)}`, detail),
  };
}

/** The value is none of a closed list. */
export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldIssue {
  const list = supported.map((item) => quoted(item)).join(", ");
  return {
    reason: "FieldValueNotSupported",
    field,
    message: `Unsupported value: ${quoted(value)}: supported values: ${list}`,
  };
}

/** The value, or the key of a list entry, appears twice. */
export function duplicate(field: string, value: unknown): FieldIssue {
  return { reason: "FieldValueDuplicate", field, message: `Duplicate value: ${quoted(value)}` };
}

/** The field may not be set, or not be changed. */
export function forbidden(field: string, detail: string): FieldIssue {
  return { reason: "FieldValueForbidden", field, message: withDetail("Forbidden", detail) };
}

/** The field names something that is not there. */
export function notFound(field: string, value: unknown): FieldIssue {
  return { reason: "FieldValueNotFound", field, message: `Not found: ${quoted(value)}` };
}

/** The text is longer than `max`. */
export function tooLong(field: string, max: number): FieldIssue {
  return {
    reason: "FieldValueTooLong",
    field,
    message: `Too long: may not be more than ${max} bytes`,
  };
}

/** The list has more than `max` entries. */
export function tooMany(field: string, actual: number, max: number): FieldIssue {
  return {
    reason: "FieldValueTooMany",
    field,
    message: `Too many: ${actual}: must have at most ${max} ${max === 1 ? "item" : "items"}`,
  };
}

/** The value has the wrong type, as a custom resource's schema says. */
export function wrongType(field: string, value: unknown, detail: string): FieldIssue {
  return {
    reason: "FieldValueTypeInvalid",
    field,
    message: withDetail(`Invalid value: ${quoted(value)}`, detail),
  };
}

/** `field: message`, as it stands in a status. */
export function describeIssue({ field, message }: FieldIssue): string {
  return `${field}: ${message}`;
}

/** A value as Kubernetes' messages show it: strings quoted, objects as JSON. */
export function quoted(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value);
}

function withDetail(message: string, detail: string): string {
  return detail === "" ? message : `${message}: ${detail}`;
}
