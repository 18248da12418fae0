import type { RetryPolicy } from "../proxy-snapshot.ts";

/** Nothing is a reason for another try: what a policy begins with before it names its own. */
export const NO_RETRY_CONDITIONS: RetryPolicy["on"] = {
  connectFailure: false,
  reset: false,
  resetBeforeRequest: false,
  gatewayError: false,
  serverError: false,
  retriable4xx: false,
};
