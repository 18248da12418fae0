import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpMatchRequest } from "../schema/http-match.ts";
import type { StringMatch } from "../schema/http-route.ts";
import { regexIssues } from "./field-checks.ts";

/** What is wrong with one condition of an HTTP route, beyond its schema. */
export function matchIssues(match: HttpMatchRequest, at: string): readonly ConfigIssue[] {
  return [
    ...requiredMatchIssues(match.uri, `${at}.uri`),
    ...requiredMatchIssues(match.scheme, `${at}.scheme`),
    ...requiredMatchIssues(match.method, `${at}.method`),
    ...requiredMatchIssues(match.authority, `${at}.authority`),
    ...mapIssues(match.headers, `${at}.headers`),
    ...mapIssues(match.withoutHeaders, `${at}.withoutHeaders`),
    ...mapIssues(match.queryParams, `${at}.queryParams`),
    ...(match.queryParams === undefined ? [] : queryPrefixIssues(match.queryParams, `${at}.queryParams`)),
  ];
}

/** A match that may not be empty: presence means nothing for what every request has. */
function requiredMatchIssues(match: StringMatch | undefined, at: string): readonly ConfigIssue[] {
  if (match === undefined) return [];
  const says = match.exact ?? match.prefix ?? match.regex;
  if (says === undefined || says === "")
    return [{ path: at, problem: "must have an exact, a prefix or a regex that is not empty" }];
  return stringMatchIssues(match, at);
}

function stringMatchIssues(match: StringMatch, at: string): readonly ConfigIssue[] {
  const kinds = [match.exact, match.prefix, match.regex].filter((text) => text !== undefined).length;
  return [
    ...(kinds > 1 ? [{ path: at, problem: "must have only one of exact, prefix and regex" }] : []),
    ...regexIssues(`${at}.regex`, match.regex),
  ];
}

function mapIssues(matches: HttpMatchRequest["headers"], at: string): readonly ConfigIssue[] {
  return Object.entries(matches ?? {}).flatMap(([name, match]) =>
    name === ""
      ? [{ path: at, problem: "must not have an empty name" }]
      : stringMatchIssues(match, `${at}.${name}`),
  );
}

function queryPrefixIssues(
  params: NonNullable<HttpMatchRequest["queryParams"]>,
  at: string,
): readonly ConfigIssue[] {
  return Object.entries(params).flatMap(([name, { prefix }]) =>
    prefix === "" ? [{ path: `${at}.${name}.prefix`, problem: "must not be empty" }] : [],
  );
}
