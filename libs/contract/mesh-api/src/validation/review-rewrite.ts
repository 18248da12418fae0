import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpRoute } from "../schema/http-route.ts";
import { isHost } from "./review-headers.ts";
import { authorityIssues, pathTextIssues, regexIssues, visibleTextIssues } from "./field-checks.ts";

/** What is wrong with a rewrite, beyond its schema. */
export function rewriteIssues(
  { rewrite, route = [], match = [], headers }: HttpRoute,
  at: string,
): readonly ConfigIssue[] {
  if (rewrite === undefined) return [];
  const setsHost = Object.keys(headers?.request?.set ?? {}).some(isHost);
  const path = `${at}.rewrite`;
  return [
    ...pathTextIssues(`${path}.uri`, rewrite.uri),
    ...authorityIssues(`${path}.authority`, rewrite.authority),
    ...visibleTextIssues(`${path}.uriRegexRewrite.rewrite`, rewrite.uriRegexRewrite?.rewrite),
    ...(route.length === 0
      ? [{ path, problem: "needs a route: a redirect or a response rewrites nothing" }]
      : []),
    ...([rewrite.uri, rewrite.authority, rewrite.uriRegexRewrite].some(isSaid)
      ? []
      : [{ path, problem: "must have a uri, a uriRegexRewrite or an authority" }]),
    ...(rewrite.authority !== undefined && setsHost
      ? [{ path: `${path}.authority`, problem: "must not stand beside a host in headers.request.set" }]
      : []),
    ...(rewrite.uri !== undefined && rewrite.uriRegexRewrite !== undefined
      ? [{ path, problem: "must have only one of uri and uriRegexRewrite" }]
      : []),
    ...(rewrite.uri !== undefined && match.some(({ uri }) => uri?.regex !== undefined)
      ? [
          {
            path: `${path}.uri`,
            problem: "needs matches by exact or prefix: use uriRegexRewrite beside a regex",
          },
        ]
      : []),
    ...(rewrite.uriRegexRewrite === undefined
      ? []
      : regexIssues(`${path}.uriRegexRewrite.match`, rewrite.uriRegexRewrite.match ?? "")),
  ];
}

function isSaid(part: string | object | undefined): boolean {
  return part !== undefined && part !== "";
}
