import type { ProxyFailure } from "../proxy-failure.ts";
import type { RetryPolicy } from "../proxy-snapshot.ts";

/** How one attempt ended, as far as a retry cares. */
export type AttemptEnd =
  | { readonly kind: "answer"; readonly status: number }
  /** No answer; `wasSent` says whether the request's head had left. */
  | { readonly kind: "failure"; readonly failure: ProxyFailure; readonly wasSent: boolean };

/** What has become of the request so far. */
export interface RetryState {
  /** Retries that it has had. */
  readonly retries: number;
  /** All its bytes are still there. */
  readonly isReplayable: boolean;
  /** The cluster may have one more retry at this moment (`CircuitBreakers.max_retries`). */
  readonly clusterHasRoom: boolean;
}

/** "retry", or why there is none. */
export type RetryDecision =
  "retry" | "noPolicy" | "notAskedFor" | "retriesUsedUp" | "requestGone" | "clusterAtLimit";

/**
 * Decides whether a request is sent once more after an attempt has ended like this. This is the only place where
 * retries are decided; what follows from it (the pause, another host) is carried out by the data path.
 * Source: Envoy `RetryStateImpl`.
 */
export function decideRetry(
  policy: RetryPolicy | undefined,
  end: AttemptEnd,
  { retries, isReplayable, clusterHasRoom }: RetryState,
): RetryDecision {
  if (!policy) return "noPolicy";
  if (!isAskedFor(policy, end)) return "notAskedFor";
  if (retries >= policy.maxRetries) return "retriesUsedUp";
  if (!isReplayable) return "requestGone";
  return clusterHasRoom ? "retry" : "clusterAtLimit";
}

function isAskedFor({ on, statusCodes }: RetryPolicy, end: AttemptEnd): boolean {
  if (end.kind === "answer") {
    const { status } = end;
    return (
      statusCodes.has(status) ||
      (on.serverError && status >= 500) ||
      (on.gatewayError && (status === 502 || status === 503 || status === 504)) ||
      (on.retriable4xx && status === 409)
    );
  }
  if (end.failure === "overflow") return false; // more load is what this failure forbids
  if (on.reset || on.serverError || on.gatewayError) return true;
  if (on.resetBeforeRequest && !end.wasSent) return true;
  return on.connectFailure && (end.failure === "connectFailed" || end.failure === "connectTimeout");
}
