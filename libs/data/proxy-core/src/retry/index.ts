export { decideRetry, type AttemptEnd, type RetryDecision } from "./decide-retry.ts";
export { mayRetry } from "./retry-room.ts";
