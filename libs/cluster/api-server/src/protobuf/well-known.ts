import { wireFields } from "./wire.ts";

/** Kubernetes types whose JSON is not an object of their fields; `undefined` where JSON leaves the field out. */
export const WELL_KNOWN: ReadonlyMap<string, (message: Buffer) => unknown> = new Map<
  string,
  (message: Buffer) => unknown
>([
  ["meta.v1.Time", (message) => time(message, 0)],
  ["meta.v1.MicroTime", (message) => time(message, 6)],
  ["meta.v1.FieldsV1", embeddedJson],
  ["runtime.RawExtension", embeddedJson],
  ["api.resource.Quantity", (message) => textAt(message, 1)],
  ["util.intstr.IntOrString", intOrString],
  ["authentication.v1.ExtraValue", (message) => wireFields(message).map(({ value }) => String(value))],
  ["authorization.v1.ExtraValue", (message) => wireFields(message).map(({ value }) => String(value))],
]);

function time(message: Buffer, fractionDigits: number): string | undefined {
  const seconds = numberAt(message, 1);
  if (seconds === undefined) return undefined;
  const nanos = numberAt(message, 2) ?? 0;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = fractionDigits === 0 ? "" : `.${String(nanos).padStart(9, "0").slice(0, fractionDigits)}`;
  return `${whole}${fraction}Z`;
}

function embeddedJson(message: Buffer): unknown {
  const text = textAt(message, 1);
  return text === undefined || text === "" ? undefined : JSON.parse(text);
}

function intOrString(message: Buffer): number | string {
  const isText = numberAt(message, 1) === 1;
  return isText ? (textAt(message, 3) ?? "") : (numberAt(message, 2) ?? 0);
}

function numberAt(message: Buffer, number: number): number | undefined {
  const field = wireFields(message).find((each) => each.number === number);
  return typeof field?.value === "bigint" ? Number(field.value) : undefined;
}

function textAt(message: Buffer, number: number): string | undefined {
  const field = wireFields(message).find((each) => each.number === number);
  return Buffer.isBuffer(field?.value) ? field.value.toString("utf8") : undefined;
}
