import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpRoute } from "../schema/http-route.ts";
import { durationIssues, percentIssues } from "./field-checks.ts";
import { faultIssues, faultWarnings } from "./review-fault.ts";
import { directResponseIssues, redirectIssues } from "./review-answers.ts";
import { rewriteIssues } from "./review-rewrite.ts";
import { headerIssues } from "./review-headers.ts";
import { matchIssues } from "./review-http-match.ts";
import { retryIssues } from "./review-retries.ts";

/** What is wrong with one HTTP route, beyond its schema. */
export function httpRouteIssues(route: HttpRoute, at: string): readonly ConfigIssue[] {
  return [
    ...actionIssues(route, at),
    ...(route.match ?? []).flatMap((match, index) => matchIssues(match, `${at}.match[${index}]`)),
    ...weightIssues(route, at),
    ...redirectIssues(route, at),
    ...directResponseIssues(route, at),
    ...rewriteIssues(route, at),
    ...durationIssues(`${at}.timeout`, route.timeout),
    ...retryIssues(route.retries, `${at}.retries`),
    ...faultIssues(route, `${at}.fault`),
    ...mirrorIssues(route, at),
    ...headerIssues(route.headers, `${at}.headers`),
    ...destinationHeaderIssues(route, at),
  ];
}

function destinationHeaderIssues({ route = [] }: HttpRoute, at: string): readonly ConfigIssue[] {
  return route.flatMap(({ headers }, index) => headerIssues(headers, `${at}.route[${index}].headers`));
}

/** What deserves a word although it works. */
export function httpRouteWarnings(route: HttpRoute, at: string): readonly ConfigIssue[] {
  return [...weightWarnings(route, at), ...faultWarnings(route, `${at}.fault`)];
}

function weightWarnings({ route = [] }: HttpRoute, at: string): readonly ConfigIssue[] {
  const total = weightSum(route);
  if (route.length < 2 || total === 100 || total === 0) return [];
  return [
    { path: `${at}.route`, problem: `weights add up to ${total}, not 100: shares are relative to the sum` },
  ];
}

function actionIssues(route: HttpRoute, at: string): readonly ConfigIssue[] {
  const hasRoute = (route.route ?? []).length > 0;
  const actions = [hasRoute, route.redirect !== undefined, route.directResponse !== undefined];
  const count = actions.filter(Boolean).length;
  if (count === 0 && route.delegate === undefined)
    return [{ path: at, problem: "must have a route, a redirect or a directResponse" }];
  return count > 1 ? [{ path: at, problem: "must have only one of route, redirect and directResponse" }] : [];
}

function weightIssues({ route = [] }: HttpRoute, at: string): readonly ConfigIssue[] {
  const negative = route.flatMap(({ weight = 0 }, index) =>
    weight < 0 ? [{ path: `${at}.route[${index}].weight`, problem: "must not be negative" }] : [],
  );
  if (negative.length > 0) return negative;
  // A destination that stands alone gets everything, whatever its weight: 0 is how protobuf writes "not said".
  return route.length > 1 && weightSum(route) === 0
    ? [{ path: `${at}.route`, problem: "has weights that add up to 0: no request could go anywhere" }]
    : [];
}

function weightSum(route: NonNullable<HttpRoute["route"]>): number {
  return route.reduce((sum, { weight = 0 }) => sum + weight, 0);
}

function mirrorIssues(route: HttpRoute, at: string): readonly ConfigIssue[] {
  return [
    ...(route.mirror !== undefined && (route.mirrors ?? []).length > 0
      ? [{ path: `${at}.mirrors`, problem: "must not stand beside mirror" }]
      : []),
    ...percentIssues(`${at}.mirrorPercentage.value`, route.mirrorPercentage?.value),
    ...percentIssues(`${at}.mirrorPercent`, route.mirrorPercent),
    ...percentIssues(`${at}.mirror_percent`, route.mirror_percent),
    ...(route.mirrors ?? []).flatMap(({ percentage }, index) =>
      percentIssues(`${at}.mirrors[${index}].percentage.value`, percentage?.value),
    ),
  ];
}
