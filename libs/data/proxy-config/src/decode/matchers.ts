import type { RequestView } from "@bookmesh/proxy-core";
import { messageOf } from "@bookmesh/kernel";
import { RE2JS } from "re2js";
import {
  HeaderMatcherSchema,
  QueryParameterMatcherSchema,
  StringMatcherSchema,
  type HeaderMatcher,
  type QueryParameterMatcher,
  type RegexMatcher,
  type StringMatcher,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";

/** Longer expressions are refused: they cost memory in every proxy and are no sane route. */
const MAX_REGEX_LENGTH = 8_192;

/** A compiled condition on a text, and how to say it. */
export interface TextMatch {
  readonly matches: (text: string) => boolean;
  readonly condition: string;
}

/** A compiled condition on a request, and how to say it. */
export interface RequestMatch {
  readonly matches: (request: RequestView) => boolean;
  readonly condition: string;
}

/** Compiles an expression with RE2's syntax and linear time; complains about one that cannot be read. */
export function readRegex(place: Place, regex: string): RE2JS | undefined {
  if (regex.length > MAX_REGEX_LENGTH) {
    complain(place, `must not be longer than ${MAX_REGEX_LENGTH} characters`);
    return undefined;
  }
  try {
    return RE2JS.compile(regex);
  } catch (error) {
    complain(place, `is no regular expression: ${messageOf(error)}`);
    return undefined;
  }
}

/** A regular expression that must match the whole text. */
export function readRegexMatch(place: Place, { regex }: RegexMatcher): TextMatch {
  const compiled = readRegex(below(place, "regex"), regex);
  return {
    matches: (text) => compiled?.testExact(text) ?? false,
    condition: `matches ${JSON.stringify(regex)}`,
  };
}

/** Envoy's `StringMatcher`. */
export function readStringMatch(place: Place, matcher: StringMatcher): TextMatch {
  refuseFieldsBut(
    place,
    [StringMatcherSchema, matcher],
    ["exact", "prefix", "suffix", "contains", "safe_regex", "ignore_case"],
  );
  const { matchPattern, ignoreCase } = matcher;
  switch (matchPattern.case) {
    case "exact":
    case "prefix":
    case "suffix":
    case "contains":
      return textMatch(matchPattern.case, matchPattern.value, ignoreCase);
    case "safeRegex":
      return readRegexMatch(below(place, "safe_regex"), matchPattern.value);
    case "custom":
    case undefined:
      complain(place, "must say what to match: exact, prefix, suffix, contains or safe_regex");
      return { matches: () => false, condition: "matches nothing" };
  }
}

/** The plain comparisons. */
export function textMatch(
  kind: "exact" | "prefix" | "suffix" | "contains",
  pattern: string,
  ignoreCase = false,
): TextMatch {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const folded = fold(pattern);
  const tests = {
    exact: (text: string) => fold(text) === folded,
    prefix: (text: string) => fold(text).startsWith(folded),
    suffix: (text: string) => fold(text).endsWith(folded),
    contains: (text: string) => fold(text).includes(folded),
  };
  return { matches: tests[kind], condition: `${kind} ${JSON.stringify(pattern)}` };
}

/** Envoy's `HeaderMatcher`, pseudo-headers (`:method`, `:path`, `:authority`, `:scheme`) included. */
export function readHeaderMatch(place: Place, matcher: HeaderMatcher): RequestMatch {
  refuseFieldsBut(
    place,
    [HeaderMatcherSchema, matcher],
    ["name", "present_match", "range_match", "string_match", "invert_match", "treat_missing_header_as_empty"],
  );
  const name = matcher.name.toLowerCase();
  if (name === "") complain(below(place, "name"), "must not be empty");
  const { matches, condition } = readHeaderValueMatch(place, matcher);
  const { invertMatch, treatMissingHeaderAsEmpty } = matcher;
  const asksPresence = matcher.headerMatchSpecifier.case === "presentMatch";
  return {
    matches(request) {
      const value = headerOf(request, name);
      if (asksPresence) return matches(value === undefined ? "" : "present") !== invertMatch;
      // A missing header matches nothing, not even an inverted condition, as in Envoy.
      if (value === undefined && !treatMissingHeaderAsEmpty) return false;
      return matches(value ?? "") !== invertMatch;
    },
    condition: `header ${name} ${invertMatch ? "not " : ""}${condition}`,
  };
}

function readHeaderValueMatch(place: Place, { headerMatchSpecifier: specifier }: HeaderMatcher): TextMatch {
  switch (specifier.case) {
    case "stringMatch":
      return readStringMatch(below(place, "string_match"), specifier.value);
    case "rangeMatch": {
      const { start, end } = specifier.value;
      return {
        matches: (text) => /^-?\d{1,18}$/.test(text) && BigInt(text) >= start && BigInt(text) < end,
        condition: `from ${start} to ${end}`,
      };
    }
    case "presentMatch":
      return presence(specifier.value);
    case undefined:
      return { matches: () => true, condition: "is present" };
    case "exactMatch":
    case "prefixMatch":
    case "suffixMatch":
    case "containsMatch":
    case "safeRegexMatch":
      complain(place, "must use string_match");
      return { matches: () => false, condition: "never" };
  }
}

function presence(wanted: boolean): TextMatch {
  return { matches: (text) => (text !== "") === wanted, condition: wanted ? "is present" : "is absent" };
}

function headerOf(request: RequestView, name: string): string | undefined {
  switch (name) {
    case ":method":
      return request.method;
    case ":path":
      return request.path;
    case ":authority":
    case "host":
      return request.authority;
    case ":scheme":
      return request.scheme;
    default:
      return request.header(name);
  }
}

/** Envoy's `QueryParameterMatcher`: the first parameter of that name counts. */
export function readQueryMatch(place: Place, matcher: QueryParameterMatcher): RequestMatch {
  refuseFieldsBut(place, [QueryParameterMatcherSchema, matcher], ["name", "string_match", "present_match"]);
  const { name, queryParameterMatchSpecifier: specifier } = matcher;
  if (specifier.case === "stringMatch") {
    const { matches, condition } = readStringMatch(below(place, "string_match"), specifier.value);
    return {
      matches: ({ path }) => {
        const value = queryParameter(path, name);
        return value !== undefined && matches(value);
      },
      condition: `query ${name} ${condition}`,
    };
  }
  const wanted = specifier.value ?? true;
  return {
    matches: ({ path }) => (queryParameter(path, name) !== undefined) === wanted,
    condition: `query ${name} ${presence(wanted).condition}`,
  };
}

function queryParameter(path: string, name: string): string | undefined {
  const start = path.indexOf("?");
  if (start < 0) return undefined;
  return new URLSearchParams(path.slice(start + 1)).get(name) ?? undefined;
}
