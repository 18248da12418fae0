import { describe, expect, it } from "vitest";
import type { RetryPolicy } from "../proxy-snapshot.ts";
import { decideRetry, type AttemptEnd, type RetryDecision, type RetryState } from "./decide-retry.ts";

const NOTHING: RetryPolicy["on"] = {
  connectFailure: false,
  reset: false,
  resetBeforeRequest: false,
  gatewayError: false,
  serverError: false,
  retriable4xx: false,
};

function policyOn(on: Partial<RetryPolicy["on"]>, statusCodes: readonly number[] = []): RetryPolicy {
  return {
    maxRetries: 2,
    perTryTimeoutMs: 0,
    on: { ...NOTHING, ...on },
    statusCodes: new Set(statusCodes),
    avoidsPreviousHosts: false,
    backoff: { initialMs: 25, maxMs: 250 },
  };
}

const FIRST: RetryState = { retries: 0, isReplayable: true, clusterHasRoom: true };
const answer = (status: number): AttemptEnd => ({ kind: "answer", status });
const reset: AttemptEnd = { kind: "failure", failure: "upstreamReset", wasSent: true };
const unsent: AttemptEnd = { kind: "failure", failure: "upstreamReset", wasSent: false };
const refused: AttemptEnd = { kind: "failure", failure: "connectFailed", wasSent: false };
const slowConnect: AttemptEnd = { kind: "failure", failure: "connectTimeout", wasSent: false };
const timeout: AttemptEnd = { kind: "failure", failure: "upstreamTimeout", wasSent: true };
const overflow: AttemptEnd = { kind: "failure", failure: "overflow", wasSent: false };

describe("decideRetry", () => {
  it.each<{ on: Partial<RetryPolicy["on"]>; end: AttemptEnd; what: string; decision: RetryDecision }>([
    { on: { serverError: true }, end: answer(500), what: "500", decision: "retry" },
    { on: { serverError: true }, end: answer(499), what: "499", decision: "notAskedFor" },
    { on: { serverError: true }, end: reset, what: "a reset", decision: "retry" },
    { on: { gatewayError: true }, end: answer(502), what: "502", decision: "retry" },
    { on: { gatewayError: true }, end: answer(504), what: "504", decision: "retry" },
    { on: { gatewayError: true }, end: answer(500), what: "500", decision: "notAskedFor" },
    { on: { gatewayError: true }, end: timeout, what: "a try's timeout", decision: "retry" },
    { on: { retriable4xx: true }, end: answer(409), what: "409", decision: "retry" },
    { on: { retriable4xx: true }, end: answer(404), what: "404", decision: "notAskedFor" },
    { on: { reset: true }, end: reset, what: "a reset", decision: "retry" },
    { on: { reset: true }, end: answer(503), what: "503", decision: "notAskedFor" },
    { on: { resetBeforeRequest: true }, end: unsent, what: "a reset before the head", decision: "retry" },
    { on: { resetBeforeRequest: true }, end: reset, what: "a reset behind it", decision: "notAskedFor" },
    { on: { connectFailure: true }, end: refused, what: "a refused connection", decision: "retry" },
    { on: { connectFailure: true }, end: slowConnect, what: "a connection too late", decision: "retry" },
    { on: { connectFailure: true }, end: reset, what: "a reset", decision: "notAskedFor" },
    { on: { serverError: true }, end: overflow, what: "a full cluster", decision: "notAskedFor" },
    { on: {}, end: refused, what: "a refused connection", decision: "notAskedFor" },
  ])("says $decision to $what with $on", ({ on, end, decision }) => {
    expect(decideRetry(policyOn(on), end, FIRST)).toBe(decision);
  });

  it.each<{ status: number; decision: RetryDecision }>([
    { status: 503, decision: "retry" },
    { status: 200, decision: "notAskedFor" },
  ])("says $decision to $status where the policy names 503", ({ status, decision }) => {
    expect(decideRetry(policyOn({}, [503]), answer(status), FIRST)).toBe(decision);
  });

  it.each<{ name: string; state: Partial<RetryState>; decision: RetryDecision }>([
    { name: "has one retry left", state: { retries: 1 }, decision: "retry" },
    { name: "has had its retries", state: { retries: 2 }, decision: "retriesUsedUp" },
    { name: "is too long to be kept", state: { isReplayable: false }, decision: "requestGone" },
    { name: "meets a cluster full of retries", state: { clusterHasRoom: false }, decision: "clusterAtLimit" },
  ])("says $decision where a request $name", ({ state, decision }) => {
    expect(decideRetry(policyOn({ serverError: true }), answer(503), { ...FIRST, ...state })).toBe(decision);
  });

  it("says noPolicy where the route has none", () => {
    expect(decideRetry(undefined, answer(503), FIRST)).toBe("noPolicy");
  });
});
