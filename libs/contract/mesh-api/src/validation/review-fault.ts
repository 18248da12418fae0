import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpRoute } from "../schema/http-route.ts";
import { durationIssues, percentIssues } from "./field-checks.ts";

/** What is wrong with a route's fault, beyond its schema. */
export function faultIssues({ fault, route = [], delegate }: HttpRoute, at: string): readonly ConfigIssue[] {
  if (fault === undefined) return [];
  const { delay, abort } = fault;
  return [
    ...(route.length > 0 || delegate !== undefined
      ? []
      : [{ path: at, problem: "needs a route: redirects and answers of the sidecar's own do not fail" }]),
    ...(delay === undefined && abort === undefined
      ? [{ path: at, problem: "must have a delay or an abort" }]
      : []),
    ...(delay !== undefined && delay.fixedDelay === undefined && delay.exponentialDelay === undefined
      ? [{ path: `${at}.delay.fixedDelay`, problem: "is required" }]
      : []),
    ...durationIssues(`${at}.delay.fixedDelay`, delay?.fixedDelay),
    ...percentIssues(`${at}.delay.percentage.value`, delay?.percentage?.value),
    ...percentIssues(`${at}.delay.percent`, delay?.percent),
    ...abortStatusIssues(abort, `${at}.abort`),
    ...percentIssues(`${at}.abort.percentage.value`, abort?.percentage?.value),
  ];
}

function abortStatusIssues(
  abort: NonNullable<HttpRoute["fault"]>["abort"],
  at: string,
): readonly ConfigIssue[] {
  if (abort === undefined || abort.grpcStatus !== undefined || abort.http2Error !== undefined) return [];
  if (abort.httpStatus === undefined) return [{ path: `${at}.httpStatus`, problem: "is required" }];
  const isStatus = abort.httpStatus >= 200 && abort.httpStatus <= 599;
  return isStatus ? [] : [{ path: `${at}.httpStatus`, problem: "must be between 200 and 599" }];
}

/** What deserves a word although it is taken, as Istio takes it. */
export function faultWarnings({ fault }: HttpRoute, at: string): readonly ConfigIssue[] {
  const { delay, abort } = fault ?? {};
  const problem = "is absent, so that no request meets the fault";
  return [
    ...(delay !== undefined && delay.percentage === undefined && delay.percent === undefined
      ? [{ path: `${at}.delay.percentage`, problem }]
      : []),
    ...(abort !== undefined && abort.percentage === undefined
      ? [{ path: `${at}.abort.percentage`, problem }]
      : []),
  ];
}
