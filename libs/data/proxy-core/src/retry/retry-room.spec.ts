import { describe, expect, it } from "vitest";
import { mayRetry } from "./retry-room.ts";

const LIMITS = {
  maxConnections: Infinity,
  maxPendingRequests: Infinity,
  maxRequests: Infinity,
  maxRetries: 3,
  maxRequestsPerConnection: Infinity,
};

describe("mayRetry", () => {
  it.each([
    { budget: undefined, activeRetries: 2, requests: 0, allowed: true },
    { budget: undefined, activeRetries: 3, requests: 1_000, allowed: false },
    { budget: { percent: 20, minimum: 3 }, activeRetries: 2, requests: 0, allowed: true },
    { budget: { percent: 20, minimum: 3 }, activeRetries: 3, requests: 15, allowed: false },
    { budget: { percent: 20, minimum: 3 }, activeRetries: 3, requests: 20, allowed: true },
    { budget: { percent: 0, minimum: 0 }, activeRetries: 0, requests: 20, allowed: false },
  ])(
    "of $budget with $activeRetries retries in $requests requests: $allowed",
    ({ budget, allowed, ...load }) => {
      expect(mayRetry({ ...LIMITS, retryBudget: budget }, load)).toBe(allowed);
    },
  );
});
