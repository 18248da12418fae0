import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** One meaning that can be written in several ways: how to write it in one. */
type Rewrite = (value: Json) => Json | undefined;

/** By the key of the field. `undefined`: a way to say nothing. */
const REWRITES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  // Parts of a hundred, or of a million.
  ["percentage", percentOf],
  ["default_value", percentOf],
  // All must hold, in any order.
  ["headers", sorted],
  ["query_parameters", sorted],
  ["domains", sorted],
  // Edits of different fields do not see each other.
  ["request_headers_to_add", byName],
  ["response_headers_to_add", byName],
  ["request_headers_to_remove", sorted],
  ["response_headers_to_remove", sorted],
  [
    "retry_on",
    (value) =>
      sorted(
        textOf(value)
          .split(",")
          .filter((word) => word !== ""),
      ),
  ],
  ["case_sensitive", (value) => (value === true ? undefined : value)],
  ["path_redirect", (value) => (value === "" ? undefined : value)],
]);

/** The value with everything in it written in the one way that is compared. */
export function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(withTargets(value)).flatMap(([key, field]) => {
    const deep = canonical(field);
    const rewrite = REWRITES.get(key);
    const written = rewrite === undefined ? deep : rewrite(deep);
    return written === undefined ? [] : [[key, written] as const];
  });
  return Object.fromEntries(entries);
}

/** A cluster, or several with weights: each with its share. */
function withTargets(value: JsonObject): JsonObject {
  const { weighted_clusters: weighted, ...rest } = value;
  if (!isJsonObject(weighted)) return value;
  const targets = Array.isArray(weighted["clusters"]) ? weighted["clusters"].filter(isJsonObject) : [];
  const sum = targets.reduce((total, { weight }) => total + Number(weight ?? 0), 0);
  const [only, ...others] = targets;
  const isPlain = others.length === 0 && only !== undefined && Object.keys(only).length === 2;
  return isPlain
    ? { ...rest, cluster: only["name"] ?? "" }
    : {
        ...rest,
        targets: targets.map((target) => ({ ...target, weight: Number(target["weight"] ?? 0) / sum })),
      };
}

const PARTS = { HUNDRED: 1, TEN_THOUSAND: 100, MILLION: 10_000 } as const;

function percentOf(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const { numerator = 0, denominator = "HUNDRED" } = value;
  return isDenominator(denominator) ? Number(numerator) / PARTS[denominator] : value;
}

function isDenominator(name: Json): name is keyof typeof PARTS {
  return typeof name === "string" && name in PARTS;
}

function sorted(value: Json): Json {
  return Array.isArray(value) ? value.toSorted((one, other) => compare(textOf(one), textOf(other))) : value;
}

function byName(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return value.toSorted((one, other) => compare(headerName(one), headerName(other)));
}

function headerName(option: Json): string {
  const header = isJsonObject(option) ? option["header"] : undefined;
  return isJsonObject(header) ? textOf(header["key"] ?? "") : "";
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
