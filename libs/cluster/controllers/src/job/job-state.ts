import type { Condition, Job, Pod } from "@bookmesh/kube-api";
import { isActive, isReady, timestamp } from "@bookmesh/reconcile";
import { withoutZeros } from "../without-zeros.ts";

/** What a job shall do, and what is to be written about it. */
export interface JobState {
  readonly create: number;
  readonly remove: readonly Pod[];
  readonly status: NonNullable<Job["status"]>;
}

/** Says whether nothing more happens to the job. */
export function isOver({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: holds }) => (type === "Complete" || type === "Failed") && holds === "True",
  );
}

/** When a job that is over shall go, in milliseconds from now; `undefined` where it stays. */
export function msUntilGone({ spec, status }: Job, nowMs: number): number | undefined {
  const { ttlSecondsAfterFinished } = spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const end = (status?.conditions ?? []).find(({ type }) => type === "Complete" || type === "Failed");
  return Date.parse(end?.lastTransitionTime ?? "") + 1000 * ttlSecondsAfterFinished - nowMs;
}

/** How long until the job has taken too long; `undefined` where it may take any time. */
export function msUntilDeadline({ spec, status }: Job, nowMs: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + 1000 * spec.activeDeadlineSeconds - nowMs;
}

/** The next step of a job that is not over. */
export function planJob(job: Job, pods: readonly Pod[], nowMs: number): JobState {
  const { parallelism = 1, completions, suspend = false } = job.spec;
  const active = pods.filter(isActive);
  const succeeded = pods.filter(({ status }) => status?.phase === "Succeeded").length;
  const failed = pods.filter(({ status }) => status?.phase === "Failed").length;
  const at = timestamp(nowMs);
  const verdict = verdictOf(job, { succeeded, failed, active: active.length }, nowMs);
  const isStopped = suspend || verdict !== undefined;
  const missing = completions === undefined ? (succeeded > 0 ? 0 : parallelism) : completions - succeeded;
  const wanted = isStopped ? 0 : Math.min(parallelism, missing);
  const remaining = isStopped ? [] : active;
  const status = {
    ...(suspend && job.status?.startTime === undefined ? {} : { startTime: job.status?.startTime ?? at }),
    ...(verdict?.[0]?.type === "SuccessCriteriaMet" && { completionTime: at }),
    ...withoutZeros({ active: Math.max(wanted, remaining.length), succeeded, failed }),
    ready: remaining.filter(isReady).length,
    terminating: 0,
    uncountedTerminatedPods: {},
    ...conditionsOf(job, verdict ?? [], at),
  };
  return {
    create: Math.max(0, wanted - active.length),
    remove: isStopped ? active : active.slice(wanted),
    status,
  };
}

type Verdict = readonly Pick<Condition, "type" | "reason" | "message">[];

function verdictOf(
  job: Job,
  counts: { readonly succeeded: number; readonly failed: number; readonly active: number },
  nowMs: number,
): Verdict | undefined {
  const { completions, backoffLimit = 6 } = job.spec;
  const isDone =
    completions === undefined ? counts.succeeded > 0 && counts.active === 0 : counts.succeeded >= completions;
  if (isDone) {
    const why = {
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    };
    return [
      { type: "SuccessCriteriaMet", ...why },
      { type: "Complete", ...why },
    ];
  }
  const failure = (reason: string, message: string): Verdict => [
    { type: "FailureTarget", reason, message },
    { type: "Failed", reason, message },
  ];
  const deadlineMs = msUntilDeadline(job, nowMs);
  if (deadlineMs !== undefined && deadlineMs <= 0)
    return failure("DeadlineExceeded", "Job was active longer than specified deadline");
  if (counts.failed > backoffLimit)
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  return undefined;
}

function conditionsOf(
  { spec, status }: Job,
  verdict: Verdict,
  at: string,
): { readonly conditions?: readonly Condition[] } {
  const present = status?.conditions ?? [];
  const suspended = present.find(({ type }) => type === "Suspended");
  const isSuspended = spec.suspend === true;
  const others = present.filter(({ type }) => type !== "Suspended");
  const times = { lastProbeTime: at, lastTransitionTime: at };
  const suspension: readonly Condition[] =
    (suspended?.status === "True") === isSuspended
      ? suspended
        ? [suspended]
        : []
      : [
          {
            type: "Suspended",
            status: isSuspended ? "True" : "False",
            reason: isSuspended ? "JobSuspended" : "JobResumed",
            message: isSuspended ? "Job suspended" : "Job resumed",
            ...times,
          },
        ];
  const ends = verdict.map((condition): Condition => ({ ...condition, status: "True", ...times }));
  const conditions = [...suspension, ...others, ...ends];
  return conditions.length === 0 ? {} : { conditions };
}
