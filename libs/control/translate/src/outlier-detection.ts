import type { OutlierDetection } from "@bookmesh/mesh-api";
import type { OutlierDetectionSchema } from "@bookmesh/xds-api";
import { durationMs, protoDuration } from "./duration.ts";
import type { MessageInit } from "./message-init.ts";

type OutlierInit = MessageInit<typeof OutlierDetectionSchema>;

/** Percent: every host that has earned it is ejected. */
const ALWAYS = 100;
const NEVER = 0;

/**
 * Builds when failing hosts of a cluster are taken out. What a rule leaves open is Envoy's default, but hosts are never
 * judged by comparing their rates of success: a rule cannot ask for that. Source: istiod, `applyOutlierDetection`.
 */
export function translateOutlierDetection(rules: OutlierDetection): OutlierInit {
  const { consecutive5xxErrors, consecutiveGatewayErrors, interval, baseEjectionTime } = rules;
  const { maxEjectionPercent = 0 } = rules;
  return {
    enforcingSuccessRate: NEVER,
    ...(consecutive5xxErrors !== undefined && {
      consecutive5xx: consecutive5xxErrors,
      enforcingConsecutive5xx: enforced(consecutive5xxErrors),
    }),
    ...(consecutiveGatewayErrors !== undefined && {
      consecutiveGatewayFailure: consecutiveGatewayErrors,
      enforcingConsecutiveGatewayFailure: enforced(consecutiveGatewayErrors),
    }),
    ...(interval !== undefined && { interval: protoDuration(durationMs(interval)) }),
    ...(baseEjectionTime !== undefined && { baseEjectionTime: protoDuration(durationMs(baseEjectionTime)) }),
    ...(maxEjectionPercent > 0 && { maxEjectionPercent }),
    ...localOrigin(rules),
  };
}

function localOrigin(rules: OutlierDetection): OutlierInit {
  const { splitExternalLocalOriginErrors = false, consecutiveLocalOriginFailures = 0 } = rules;
  if (!splitExternalLocalOriginErrors) return {};
  return {
    splitExternalLocalOriginErrors: true,
    enforcingLocalOriginSuccessRate: NEVER,
    ...(consecutiveLocalOriginFailures > 0 && {
      consecutiveLocalOriginFailure: consecutiveLocalOriginFailures,
      enforcingConsecutiveLocalOriginFailure: ALWAYS,
    }),
  };
}

/** 0 errors in a row turn a check off. */
function enforced(errors: number): number {
  return errors > 0 ? ALWAYS : NEVER;
}
