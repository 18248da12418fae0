import type { ConfigIssue } from "@bookmesh/kernel";
import type { OutlierDetection } from "../schema/traffic-policy.ts";
import { durationIssues, percentIssues } from "./field-checks.ts";

/** What is wrong with how failing hosts are taken out, beyond its schema. Source: Istio's own validation. */
export function outlierIssues(outlier: OutlierDetection | undefined, at: string): readonly ConfigIssue[] {
  if (outlier === undefined) return [];
  return [
    ...durationIssues(`${at}.interval`, outlier.interval),
    ...durationIssues(`${at}.baseEjectionTime`, outlier.baseEjectionTime),
    ...percentIssues(`${at}.maxEjectionPercent`, outlier.maxEjectionPercent),
    ...percentIssues(`${at}.minHealthPercent`, outlier.minHealthPercent),
    ...localOriginIssues(outlier, at),
  ];
}

function localOriginIssues(outlier: OutlierDetection, at: string): readonly ConfigIssue[] {
  const { splitExternalLocalOriginErrors = false, consecutiveLocalOriginFailures = 0 } = outlier;
  if (splitExternalLocalOriginErrors || consecutiveLocalOriginFailures === 0) return [];
  const problem = "needs splitExternalLocalOriginErrors: else failed connections count as 5xx errors";
  return [{ path: `${at}.consecutiveLocalOriginFailures`, problem }];
}

/** What deserves a word although it is taken, as Istio takes it. */
export function outlierWarnings(outlier: OutlierDetection | undefined, at: string): readonly ConfigIssue[] {
  if ((outlier?.consecutiveErrors ?? 0) === 0) return [];
  const problem = "is deprecated and has no effect: use consecutive5xxErrors or consecutiveGatewayErrors";
  return [{ path: `${at}.consecutiveErrors`, problem }];
}
