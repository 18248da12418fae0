import type { OutlierPolicy, OutlierThreshold } from "@bookmesh/proxy-core/outlier";
import { OutlierDetectionSchema, type OutlierDetection } from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readDurationMs } from "./values.ts";

/** Envoy's defaults. */
const DEFAULT_IN_A_ROW = 5;
const DEFAULT_INTERVAL_MS = 10_000;
const DEFAULT_BASE_EJECTION_MS = 30_000;
const DEFAULT_MAX_EJECTION_MS = 300_000;
const DEFAULT_MAX_EJECTION_PERCENT = 10;
const ALWAYS = 100;
const NEVER = 0;

const FIELDS = [
  "consecutive_5xx",
  "enforcing_consecutive_5xx",
  "consecutive_gateway_failure",
  "enforcing_consecutive_gateway_failure",
  "split_external_local_origin_errors",
  "consecutive_local_origin_failure",
  "enforcing_consecutive_local_origin_failure",
  "interval",
  "base_ejection_time",
  "max_ejection_time",
  "max_ejection_time_jitter",
  "max_ejection_percent",
  "always_eject_one_host",
  // Nothing to decide: there are no active health checks.
  "successful_active_health_check_uneject_host",
  // Only 0 is taken; what else is said about such checks has no effect then.
  "enforcing_success_rate",
  "enforcing_local_origin_success_rate",
  "enforcing_failure_percentage",
  "enforcing_failure_percentage_local_origin",
  "success_rate_minimum_hosts",
  "success_rate_request_volume",
  "success_rate_stdev_factor",
  "failure_percentage_threshold",
  "failure_percentage_minimum_hosts",
  "failure_percentage_request_volume",
] as const;

/** Reads when failing hosts are taken out. Source: Envoy `OutlierDetection`. */
export function readOutlierDetection(place: Place, proto: OutlierDetection): OutlierPolicy {
  refuseFieldsBut(place, [OutlierDetectionSchema, proto], FIELDS);
  refuseStatistics(place, proto);
  const durationOf = (field: string, value: OutlierDetection["interval"], absentMs: number) =>
    readPositiveMs(below(place, field), value, absentMs);
  const baseEjectionMs = durationOf("base_ejection_time", proto.baseEjectionTime, DEFAULT_BASE_EJECTION_MS);
  const longestMs = Math.max(DEFAULT_MAX_EJECTION_MS, baseEjectionMs);
  const maxEjectionMs = durationOf("max_ejection_time", proto.maxEjectionTime, longestMs);
  if (maxEjectionMs < baseEjectionMs)
    complain(below(place, "max_ejection_time"), "must not be less than base_ejection_time");
  const jitterAt = below(place, "max_ejection_time_jitter");
  return {
    thresholds: {
      serverErrors: threshold(proto.consecutive5xx, proto.enforcingConsecutive5xx, ALWAYS),
      gatewayErrors: threshold(
        proto.consecutiveGatewayFailure,
        proto.enforcingConsecutiveGatewayFailure,
        NEVER,
      ),
      localFailures: threshold(
        proto.consecutiveLocalOriginFailure,
        proto.enforcingConsecutiveLocalOriginFailure,
        ALWAYS,
      ),
    },
    countsLocalFailuresApart: proto.splitExternalLocalOriginErrors,
    intervalMs: durationOf("interval", proto.interval, DEFAULT_INTERVAL_MS),
    baseEjectionMs,
    maxEjectionMs,
    maxJitterMs: readDurationMs(jitterAt, proto.maxEjectionTimeJitter, 0),
    maxEjectionPercent: Math.min(100, proto.maxEjectionPercent ?? DEFAULT_MAX_EJECTION_PERCENT),
    alwaysEjectsOne: proto.alwaysEjectOneHost ?? false,
  };
}

function threshold(
  inARow: number | undefined,
  enforcedPercent: number | undefined,
  absentPercent: number,
): OutlierThreshold {
  return { inARow: inARow ?? DEFAULT_IN_A_ROW, enforcedPercent: enforcedPercent ?? absentPercent };
}

function readPositiveMs(place: Place, value: OutlierDetection["interval"], absentMs: number): number {
  const ms = readDurationMs(place, value, absentMs);
  if (ms === 0) complain(place, "must be more than 0");
  return ms;
}

/** Hosts are judged by failures in a row alone, never by comparing their rates. Absent may mean 100 % in Envoy. */
function refuseStatistics(place: Place, proto: OutlierDetection): void {
  const isSplit = proto.splitExternalLocalOriginErrors;
  const shares = [
    ["enforcing_success_rate", proto.enforcingSuccessRate ?? ALWAYS],
    [
      "enforcing_local_origin_success_rate",
      proto.enforcingLocalOriginSuccessRate ?? (isSplit ? ALWAYS : NEVER),
    ],
    ["enforcing_failure_percentage", proto.enforcingFailurePercentage ?? NEVER],
    ["enforcing_failure_percentage_local_origin", proto.enforcingFailurePercentageLocalOrigin ?? NEVER],
  ] as const;
  for (const [field, percent] of shares) {
    if (percent > NEVER)
      complain(below(place, field), "must be 0: this proxy counts failures in a row and compares no rates");
  }
}
