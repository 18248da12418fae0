import type { Probe } from "@bookmesh/kube-api";

/** A probe with Kubernetes' defaults filled in, in milliseconds. */
export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** What the answers to a probe amount to so far. */
export interface ProbeVerdict {
  readonly outcome: "unknown" | "success" | "failure";
  /** Equal answers in a row that have not (yet) become the outcome. */
  readonly streak: { readonly success: boolean; readonly length: number };
}

/** Nothing asked yet. */
export const NO_VERDICT: ProbeVerdict = { outcome: "unknown", streak: { success: false, length: 0 } };

/** The timing of `probe`. Source: Kubernetes API, `core/v1.Probe`. */
export function probeTiming(probe: Probe): ProbeTiming {
  const seconds = (value: number | undefined, fallback: number) => 1000 * Math.max(1, value ?? fallback);
  return {
    initialDelayMs: 1000 * (probe.initialDelaySeconds ?? 0),
    periodMs: seconds(probe.periodSeconds, 10),
    timeoutMs: seconds(probe.timeoutSeconds, 1),
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

/** The verdict after one more answer: an outcome changes only when its threshold is reached. */
export function nextVerdict(
  { outcome, streak }: ProbeVerdict,
  success: boolean,
  { successThreshold, failureThreshold }: ProbeTiming,
): ProbeVerdict {
  const length = streak.success === success ? streak.length + 1 : 1;
  const reached = length >= (success ? successThreshold : failureThreshold);
  return {
    outcome: reached ? (success ? "success" : "failure") : outcome,
    streak: { success, length },
  };
}
