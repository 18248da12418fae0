import type { Random } from "@bookmesh/kernel";
import { RouteMatchSchema, type RouteMatch } from "@bookmesh/xds-api";
import {
  readHeaderMatch,
  readQueryMatch,
  readRegexMatch,
  textMatch,
  type RequestMatch,
  type TextMatch,
} from "./matchers.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readFraction } from "./values.ts";

/** When a route is taken. */
export interface RouteCondition extends RequestMatch {
  /** True for the route that takes every request of its virtual host. */
  readonly takesAll: boolean;
  /** What `prefix_rewrite` replaces; absent where the path is matched by an expression. */
  readonly matchedPrefix: string | undefined;
}

/** Compiles the conditions of a route; all of them must hold. Source: Envoy `RouteMatch`. */
export function readRouteMatch(place: Place, proto: RouteMatch | undefined, random: Random): RouteCondition {
  if (!proto) {
    complain(place, "is required");
    return { matches: () => false, condition: "never", takesAll: false, matchedPrefix: undefined };
  }
  refuseFieldsBut(
    place,
    [RouteMatchSchema, proto],
    [
      "prefix",
      "path",
      "safe_regex",
      "path_separated_prefix",
      "case_sensitive",
      "runtime_fraction",
      "headers",
      "query_parameters",
    ],
  );
  const path = readPathMatch(place, proto);
  const others = readOtherConditions(place, proto, random);
  return {
    matches: allOf([...(path.takesAll ? [] : [onPath(path)]), ...others]),
    condition: [path.condition, ...others.map(({ condition }) => condition)].join(", "),
    takesAll: path.takesAll && others.length === 0,
    matchedPrefix: path.matchedPrefix,
  };
}

interface PathMatch extends TextMatch {
  readonly takesAll: boolean;
  readonly matchedPrefix: string | undefined;
}

function readPathMatch(place: Place, { pathSpecifier, caseSensitive = true }: RouteMatch): PathMatch {
  switch (pathSpecifier.case) {
    case "prefix": {
      const { value } = pathSpecifier;
      const takesAll = value === "/" || value === "";
      return { ...textMatch("prefix", value, !caseSensitive), takesAll, matchedPrefix: value };
    }
    case "path": {
      const { value } = pathSpecifier;
      return { ...textMatch("exact", value, !caseSensitive), takesAll: false, matchedPrefix: value };
    }
    case "pathSeparatedPrefix":
      return {
        ...separatedPrefix(pathSpecifier.value, !caseSensitive),
        takesAll: false,
        matchedPrefix: pathSpecifier.value,
      };
    case "safeRegex": {
      const match = readRegexMatch(below(place, "safe_regex"), pathSpecifier.value);
      return { ...match, condition: `path ${match.condition}`, takesAll: false, matchedPrefix: undefined };
    }
    case "connectMatcher":
    case "pathMatchPolicy":
    case undefined:
      complain(place, "must have a prefix, path, path_separated_prefix or safe_regex");
      return { matches: () => false, condition: "never", takesAll: false, matchedPrefix: undefined };
  }
}

function separatedPrefix(prefix: string, ignoreCase: boolean): TextMatch {
  const { matches } = textMatch("prefix", prefix, ignoreCase);
  return {
    matches: (path) => matches(path) && (path.length === prefix.length || path[prefix.length] === "/"),
    condition: `path below ${JSON.stringify(prefix)}`,
  };
}

function readOtherConditions(place: Place, proto: RouteMatch, random: Random): readonly RequestMatch[] {
  const headers = proto.headers.map((matcher, index) =>
    readHeaderMatch(below(place, "headers", index), matcher),
  );
  const query = proto.queryParameters.map((matcher, index) =>
    readQueryMatch(below(place, "query_parameters", index), matcher),
  );
  const share = proto.runtimeFraction;
  if (!share) return [...headers, ...query];
  const fraction = readFraction(below(place, "runtime_fraction"), share.defaultValue);
  const drawn: RequestMatch = {
    matches: () => random() < fraction,
    condition: `${fraction * 100} % of requests`,
  };
  return [...headers, ...query, drawn];
}

/** Query and fragment do not take part in path matching. */
function onPath({ matches, condition }: TextMatch): RequestMatch {
  return { matches: ({ path }) => matches(pathOnly(path)), condition };
}

/** The path without its query or fragment. */
export function pathOnly(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

function allOf(conditions: readonly RequestMatch[]): RequestMatch["matches"] {
  const [first, second, ...rest] = conditions;
  if (!first) return () => true;
  if (!second) return first.matches;
  if (rest.length === 0) return (request) => first.matches(request) && second.matches(request);
  return (request) => conditions.every(({ matches }) => matches(request));
}
