import type { HttpMatchRequest, StringMatch } from "@bookmesh/mesh-api";
import type {
  HeaderMatcherSchema,
  QueryParameterMatcherSchema,
  RouteMatchSchema,
  StringMatcherSchema,
} from "@bookmesh/xds-api";
import type { MessageInit } from "./message-init.ts";

type RouteMatchInit = MessageInit<typeof RouteMatchSchema>;
type HeaderInit = MessageInit<typeof HeaderMatcherSchema>;
type TextInit = MessageInit<typeof StringMatcherSchema>;

/** Builds the condition of a route. What depends on the caller or the port has been decided before. */
export function translateMatch(match: HttpMatchRequest | undefined): RouteMatchInit {
  if (match === undefined) return { pathSpecifier: { case: "prefix", value: "/" } };
  const { uri, ignoreUriCase = false, queryParams = {} } = match;
  return {
    pathSpecifier: pathSpecifier(uri),
    ...(ignoreUriCase && { caseSensitive: false }),
    headers: headerConditions(match),
    queryParameters: Object.entries(queryParams).map(([name, value]) => queryCondition(name, value)),
  };
}

function pathSpecifier(uri: StringMatch | undefined): NonNullable<RouteMatchInit["pathSpecifier"]> {
  if (uri?.exact !== undefined) return { case: "path", value: uri.exact };
  if (uri?.regex !== undefined) return { case: "safeRegex", value: { regex: uri.regex } };
  return { case: "prefix", value: uri?.prefix ?? "/" };
}

function headerConditions(match: HttpMatchRequest): HeaderInit[] {
  const { headers = {}, withoutHeaders = {}, method, authority, scheme } = match;
  return [
    ...Object.entries(headers).map(([name, value]) => headerCondition(name, value)),
    ...Object.entries(withoutHeaders).map(([name, value]) => inverted(headerCondition(name, value))),
    ...pseudoHeader(":method", method),
    ...pseudoHeader(":authority", authority),
    ...pseudoHeader(":scheme", scheme),
  ];
}

function pseudoHeader(name: string, match: StringMatch | undefined): HeaderInit[] {
  return match === undefined ? [] : [headerCondition(name, match)];
}

function headerCondition(name: string, match: StringMatch): HeaderInit {
  const text = textCondition(match);
  const isThere = { case: "presentMatch", value: true } as const;
  const matches = { case: "stringMatch", value: text ?? {} } as const;
  return { name, headerMatchSpecifier: text === undefined ? isThere : matches };
}

/** A header that is not there does not have the forbidden value: Envoy must be told so. */
function inverted(condition: HeaderInit): HeaderInit {
  const asksPresence = condition.headerMatchSpecifier?.case === "presentMatch";
  return { ...condition, invertMatch: true, ...(!asksPresence && { treatMissingHeaderAsEmpty: true }) };
}

function queryCondition(name: string, match: StringMatch): MessageInit<typeof QueryParameterMatcherSchema> {
  const text = textCondition(match);
  return text === undefined
    ? { name, queryParameterMatchSpecifier: { case: "presentMatch", value: true } }
    : { name, queryParameterMatchSpecifier: { case: "stringMatch", value: text } };
}

const ANY_VALUE = "*";

/** `undefined` for a match that asks only for presence. */
function textCondition({ exact, prefix, regex }: StringMatch): TextInit | undefined {
  if (exact !== undefined) return { matchPattern: { case: "exact", value: exact } };
  // Istio's authors write a lone star for "any value"; it is no expression.
  if (regex !== undefined && regex !== ANY_VALUE)
    return { matchPattern: { case: "safeRegex", value: { regex } } };
  if (prefix !== undefined && prefix !== "") return { matchPattern: { case: "prefix", value: prefix } };
  return undefined;
}
