import type { ConfigIssue } from "@bookmesh/kernel";
import type { RetryRules } from "../schema/http-route.ts";
import { durationIssues } from "./field-checks.ts";

/** Conditions that the sidecar knows; those of gRPC are taken and never arise in HTTP/1.1. */
const CONDITIONS: ReadonlySet<string> = new Set([
  "5xx",
  "gateway-error",
  "reset",
  "reset-before-request",
  "connect-failure",
  "retriable-4xx",
  "refused-stream",
  "retriable-status-codes",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
]);

/** More tries than this only multiply load; the sidecar refuses them too. */
const MAX_ATTEMPTS = 100;

/** What is wrong with a route's retries, beyond their schema. */
export function retryIssues(retries: RetryRules | undefined, at: string): readonly ConfigIssue[] {
  if (retries === undefined) return [];
  const { attempts = 0, perTryTimeout, retryOn, backoff } = retries;
  const saysHow = [perTryTimeout, retryOn, backoff, retries.retryRemoteLocalities].some(isSaid);
  return [
    ...attemptIssues(attempts, `${at}.attempts`),
    // Without attempts istiod turns retries off, which is not what an author means who says how to retry.
    ...(attempts === 0 && saysHow
      ? [{ path: `${at}.attempts`, problem: "must be at least 1 where retries are described" }]
      : []),
    ...durationIssues(`${at}.perTryTimeout`, perTryTimeout),
    ...durationIssues(`${at}.backoff`, backoff),
    ...(retryOn === undefined ? [] : conditionIssues(retryOn, `${at}.retryOn`)),
  ];
}

function isSaid(setting: string | boolean | undefined): boolean {
  return setting !== undefined && setting !== "";
}

function attemptIssues(attempts: number, path: string): readonly ConfigIssue[] {
  if (attempts < 0) return [{ path, problem: "must not be negative" }];
  return attempts > MAX_ATTEMPTS ? [{ path, problem: `must be at most ${MAX_ATTEMPTS}` }] : [];
}

function conditionIssues(retryOn: string, path: string): readonly ConfigIssue[] {
  return retryOn
    .split(",")
    .map((text) => text.trim())
    .filter((condition) => condition !== "" && !CONDITIONS.has(condition) && !isStatus(condition))
    .map((condition) => ({ path, problem: `"${condition}" is neither a retry condition nor a status code` }));
}

function isStatus(text: string): boolean {
  return /^[1-5]\d\d$/.test(text);
}
