import type { CronJob, Job } from "@bookmesh/kube-api";
import { timestamp } from "@bookmesh/reconcile";
import { isOver } from "../job/job-state.ts";
import { dueTime } from "./due-time.ts";

/** What a cron job shall do now, and what is to be written about it. */
export interface CronJobPlan {
  /** The time of the run whose job is to be made. */
  readonly run?: number;
  /** The run that is due and has to wait for a job that is still active. */
  readonly isHeld: boolean;
  readonly remove: readonly Job[];
  readonly status: NonNullable<CronJob["status"]>;
}

/** The next step of a cron job with these jobs. Nothing before `seenMs` was due. */
export function planCronJob(
  cronJob: CronJob,
  jobs: readonly Job[],
  { nowMs, seenMs }: { readonly nowMs: number; readonly seenMs: number },
): CronJobPlan {
  const { concurrencyPolicy = "Allow" } = cronJob.spec;
  const active = jobs.filter((job) => !isOver(job));
  const due = runDue(cronJob, { nowMs, seenMs });
  const isHeld = due !== undefined && active.length > 0 && concurrencyPolicy === "Forbid";
  const run = isHeld ? undefined : due;
  const replaced = run !== undefined && concurrencyPolicy === "Replace" ? active : [];
  return {
    ...(run !== undefined && { run }),
    isHeld,
    remove: [...replaced, ...pastLimits(cronJob, jobs)],
    status: statusOf(cronJob, { jobs, active: active.filter((job) => !replaced.includes(job)), run }),
  };
}

function runDue(
  { spec, status, metadata }: CronJob,
  { nowMs, seenMs }: { readonly nowMs: number; readonly seenMs: number },
): number | undefined {
  const { suspend = false, startingDeadlineSeconds = Infinity, schedule, timeZone } = spec;
  if (suspend) return undefined;
  const lastMs = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "");
  const afterMs = Math.max(lastMs, seenMs, nowMs - startingDeadlineSeconds * 1000);
  return dueTime({ schedule, ...(timeZone !== undefined && { timeZone }) }, { afterMs, untilMs: nowMs });
}

/** Jobs that are over and of which enough newer ones are kept. */
function pastLimits({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = spec;
  const newestFirst = jobs.filter(isOver).toSorted((one, other) => (startOf(one) < startOf(other) ? 1 : -1));
  return [
    ...newestFirst.filter(hasSucceeded).slice(successfulJobsHistoryLimit),
    ...newestFirst.filter((job) => !hasSucceeded(job)).slice(failedJobsHistoryLimit),
  ];
}

function startOf({ status, metadata }: Job): string {
  return `${status?.startTime ?? metadata.creationTimestamp ?? ""} ${metadata.name}`;
}

function hasSucceeded({ status }: Job): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === "Complete" && is === "True");
}

function statusOf(
  { status = {} }: CronJob,
  {
    jobs,
    active,
    run,
  }: { readonly jobs: readonly Job[]; readonly active: readonly Job[]; readonly run: number | undefined },
): CronJobPlan["status"] {
  const ends = jobs.filter(hasSucceeded).map((job) => job.status?.completionTime ?? "");
  const lastSuccessfulTime = [status.lastSuccessfulTime ?? "", ...ends].toSorted().at(-1) ?? "";
  const lastScheduleTime = run === undefined ? status.lastScheduleTime : timestamp(run);
  return {
    ...(active.length > 0 && { active: active.map(referenceTo) }),
    ...(lastScheduleTime !== undefined && { lastScheduleTime }),
    ...(lastSuccessfulTime !== "" && { lastSuccessfulTime }),
  };
}

function referenceTo({ metadata }: Job): NonNullable<CronJobPlan["status"]["active"]>[number] {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
  };
}
