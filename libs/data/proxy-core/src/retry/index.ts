export { decideRetry, type AttemptEnd, type RetryDecision } from "./decide-retry.ts";
export { NO_RETRY_CONDITIONS } from "./no-retry-conditions.ts";
export { mayRetry } from "./retry-room.ts";
