import type { ProxyFailure, RetryPolicy } from "@bookmesh/proxy-core";

/** How one attempt ended, as far as a retry cares. */
export type AttemptEnd =
  | { readonly kind: "answer"; readonly status: number }
  /** No answer; `wasSent` says whether the request's head had left. */
  | { readonly kind: "failure"; readonly failure: ProxyFailure; readonly wasSent: boolean };

/** Says whether the policy asks for another attempt. Source: Envoy `RetryStateImpl::wouldRetryFromReset`. */
export function asksForRetry({ on, statusCodes }: RetryPolicy, end: AttemptEnd): boolean {
  if (end.kind === "answer") {
    const { status } = end;
    return (
      statusCodes.has(status) ||
      (on.serverError && status >= 500) ||
      (on.gatewayError && (status === 502 || status === 503 || status === 504)) ||
      (on.retriable4xx && status === 409)
    );
  }
  if (end.failure === "overflow") return false;
  if (on.reset || on.serverError || on.gatewayError) return true;
  if (on.resetBeforeRequest && !end.wasSent) return true;
  return on.connectFailure && (end.failure === "connectFailed" || end.failure === "connectTimeout");
}
