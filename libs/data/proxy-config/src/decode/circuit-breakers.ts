import type { ClusterLimits, RetryBudget } from "@bookmesh/proxy-core";
import {
  CircuitBreakersSchema,
  CircuitBreakers_ThresholdsSchema,
  CircuitBreakers_Thresholds_RetryBudgetSchema,
  RoutingPriority,
  type CircuitBreakers,
  type CircuitBreakers_Thresholds,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";

/** The largest uint32: how control planes write "no limit". */
const UNLIMITED = 4_294_967_295;

/** Envoy's defaults. */
const DEFAULT_MAX = 1_024;
const DEFAULT_MAX_RETRIES = 3;
const DEFAULT_BUDGET_PERCENT = 20;
const DEFAULT_BUDGET_MINIMUM = 3;

/** Reads the thresholds of priority DEFAULT; no request has another one. Source: Envoy `CircuitBreakers`. */
export function readLimits(
  place: Place,
  proto: CircuitBreakers | undefined,
): Omit<ClusterLimits, "maxRequestsPerConnection"> {
  if (proto) refuseFieldsBut(place, [CircuitBreakersSchema, proto], ["thresholds"]);
  for (const [index, thresholds] of (proto?.thresholds ?? []).entries()) {
    refuseFieldsBut(
      below(place, "thresholds", index),
      [CircuitBreakers_ThresholdsSchema, thresholds],
      [
        "priority",
        "max_connections",
        "max_pending_requests",
        "max_requests",
        "max_retries",
        "retry_budget",
        // Asks for statistics only.
        "track_remaining",
      ],
    );
  }
  const limits = proto?.thresholds.find(({ priority }) => priority === RoutingPriority.DEFAULT);
  return {
    maxConnections: limitOf(limits?.maxConnections, DEFAULT_MAX),
    maxPendingRequests: limitOf(limits?.maxPendingRequests, DEFAULT_MAX),
    maxRequests: limitOf(limits?.maxRequests, DEFAULT_MAX),
    maxRetries: limitOf(limits?.maxRetries, DEFAULT_MAX_RETRIES),
    retryBudget: readBudget(below(place, "thresholds.retry_budget"), limits),
  };
}

function limitOf(value: number | undefined, absent: number): number {
  return value === UNLIMITED ? Infinity : (value ?? absent);
}

function readBudget(place: Place, limits: CircuitBreakers_Thresholds | undefined): RetryBudget | undefined {
  const budget = limits?.retryBudget;
  if (!budget) return undefined;
  refuseFieldsBut(
    place,
    [CircuitBreakers_Thresholds_RetryBudgetSchema, budget],
    ["budget_percent", "min_retry_concurrency"],
  );
  const percent = budget.budgetPercent?.value ?? DEFAULT_BUDGET_PERCENT;
  if (percent < 0 || percent > 100) complain(below(place, "budget_percent"), "must be from 0 to 100");
  return { percent, minimum: budget.minRetryConcurrency ?? DEFAULT_BUDGET_MINIMUM };
}
