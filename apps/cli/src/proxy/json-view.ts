/** A look into JSON of an Envoy message, whose fields are written `snake_case` or `camelCase`. */
export interface JsonView {
  /** The value below a path of fields in snake_case; each may be absent. */
  at(...path: readonly string[]): JsonView;
  /** The items of a list; none where this is no list. */
  items(): readonly JsonView[];
  /** The fields of a map. */
  entries(): readonly (readonly [string, JsonView])[];
  /** Text, or a number as text; "" where there is nothing. */
  text(): string;
  exists(): boolean;
  raw(): unknown;
}

/** A view of `value`. */
export function jsonView(value: unknown): JsonView {
  return {
    at: (...path) => jsonView(path.reduce(fieldOf, value)),
    items: () => (Array.isArray(value) ? (value as readonly unknown[]).map(jsonView) : []),
    entries: () =>
      isRecord(value) ? Object.entries(value).map(([key, inner]) => [key, jsonView(inner)]) : [],
    text: () => (typeof value === "string" || typeof value === "number" ? String(value) : ""),
    exists: () => value !== undefined && value !== null,
    raw: () => value,
  };
}

function fieldOf(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  return value[name] ?? value[name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
