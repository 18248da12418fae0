import { isDeepStrictEqual } from "node:util";
import { RESOURCES, type CronJob, type Job } from "@bookmesh/kube-api";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  timestamp,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { controllerOf, controllerReference, controls } from "../owner.ts";
import { planCronJob } from "./cron-job-plan.ts";
import { msUntilNextMinute } from "./due-time.ts";

const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** Makes the jobs of each cron job when they are due, and keeps some of those that are over. */
export function cronJobController(context: ControllerContext): Controller {
  const { access, clock } = context;
  const cronJobs = objectCache<CronJob>(access, RESOURCES.cronJobs);
  const jobs = objectCache<Job>(access, RESOURCES.jobs);
  /** By uid: up to when a cron job has been looked at, so that no time is looked at twice. */
  const seen = new Map<string, number>();
  const queue = controllerQueue("cronjob", context, async (name) => {
    const cronJob = cronJobs.get(parseName(name));
    if (cronJob === undefined || cronJob.metadata.deletionTimestamp !== undefined) return;
    const { uid = "", namespace } = cronJob.metadata;
    const nowMs = clock.now();
    const own = jobs.list(namespace).filter((job) => controls(cronJob, job));
    const plan = planCronJob(cronJob, own, { nowMs, seenMs: seen.get(uid) ?? 0 });
    for (const job of plan.remove) await deleteJob(context, job);
    if (plan.run !== undefined) await createJob(context, cronJob, plan.run);
    if (!isDeepStrictEqual(plan.status, cronJob.status ?? {}))
      await unlessRefused(
        access.updateStatus(RESOURCES.cronJobs, { ...cronJob, status: plan.status }),
        "NotFound",
      );
    if (!plan.isHeld) seen.set(uid, nowMs);
    queue.addAfter(name, msUntilNextMinute(clock.now()));
  });
  cronJobs.onChange(({ type, object }) => {
    if (type === "DELETED") seen.delete(object.metadata.uid ?? "");
    else queue.add(nameOf(keyOf(object)));
  });
  jobs.onChange(({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "CronJob") queue.add(nameOf({ ...keyOf(object), name: owner.name }));
  });
  return {
    stop() {
      queue.stop();
      cronJobs.stop();
      jobs.stop();
    },
  };
}

/** A run has one name, so that no run is made twice. */
async function createJob(
  { access, events }: ControllerContext,
  cronJob: CronJob,
  run: number,
): Promise<void> {
  const { name, namespace } = cronJob.metadata;
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const job: Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}-${run / 60_000}`,
      ...(namespace !== undefined && { namespace }),
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED_AT]: timestamp(run) },
      ownerReferences: [controllerReference(cronJob, RESOURCES.cronJobs)],
    },
    spec,
  };
  const created = await unlessRefused(access.create(RESOURCES.jobs, job), "AlreadyExists");
  if (created === undefined) return;
  const message = `Created job ${created.metadata.name}`;
  events.record({
    object: cronJob,
    type: "Normal",
    reason: "SuccessfulCreate",
    message,
    component: "cronjob-controller",
  });
}

async function deleteJob({ access, events }: ControllerContext, job: Job): Promise<void> {
  await unlessRefused(access.delete(RESOURCES.jobs, keyOf(job)), "NotFound");
  events.record({
    object: job,
    type: "Normal",
    reason: "SuccessfulDelete",
    message: `Deleted job ${job.metadata.name}`,
    component: "cronjob-controller",
  });
}
