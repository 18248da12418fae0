import type { RequestView } from "@bookmesh/proxy-core";
import type { RegexMatchAndSubstitute } from "@bookmesh/xds-api";
import { readRegex } from "./matchers.ts";
import { below, type Place } from "./place.ts";
import { pathOnly } from "./route-match.ts";
import { refuseInvisible } from "./values.ts";

/** Makes a new path and query of those of a request. */
export type PathRewrite = (request: RequestView) => string;

/**
 * Puts `replacement` where the matched prefix stands; the rest of the path and the query stay. Where an expression
 * matched, that is the whole path, as in Envoy.
 */
export function prefixRewrite(
  place: Place,
  replacement: string,
  matchedPrefix: string | undefined,
): PathRewrite {
  refuseInvisible(place, replacement);
  return ({ path }) => replacement + path.slice((matchedPrefix ?? pathOnly(path)).length);
}

/** Replaces every match of an RE2 expression in the path; `\1` in the substitution is its first group. */
export function readRegexRewrite(place: Place, proto: RegexMatchAndSubstitute): PathRewrite | undefined {
  const regex = readRegex(below(place, "pattern"), proto.pattern?.regex ?? "");
  if (!regex) return undefined;
  refuseInvisible(below(place, "substitution"), proto.substitution);
  // RE2JS writes groups as `$1`, Envoy as `\1`.
  const substitution = proto.substitution
    .replaceAll("$", "\\$")
    .replaceAll(/\\(\d)/g, (_, group: string) => `$${group}`);
  return ({ path }) => {
    const plain = pathOnly(path);
    return regex.matcher(plain).replaceAll(substitution) + path.slice(plain.length);
  };
}
