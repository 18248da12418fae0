import { isDeepStrictEqual } from "node:util";
import {
  keyOf,
  safeSuffix,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { RESOURCES, type Job } from "@bookmesh/kube-api";
import { deletePod, podFromTemplate, podOwnerController, podsOf } from "../pod-owner-controller.ts";
import { isOver, msUntilDeadline, msUntilGone, planJob } from "./job-state.ts";

/** Runs each job's pods until enough of them have succeeded. */
export function jobController(context: ControllerContext): Controller {
  return podOwnerController<Job>(context, RESOURCES.jobs, syncJob);
}

async function syncJob(context: ControllerContext, job: Job): Promise<number | undefined> {
  const { access, clock } = context;
  if (isOver(job)) return removeOld(context, job);
  const pods = await podsOf(context, job, { resource: RESOURCES.jobs });
  const { create, remove, status } = planJob(job, pods, clock.now());
  for (const pod of remove) await deletePod(context, pod);
  for (let number = 0; number < create; number += 1) await createPod(context, job);
  if (!isDeepStrictEqual({ ...status }, { ...job.status }))
    await unlessRefused(access.updateStatus(RESOURCES.jobs, { ...job, status }), "NotFound");
  return msUntilDeadline({ ...job, status }, clock.now());
}

async function removeOld({ access, clock }: ControllerContext, job: Job): Promise<number | undefined> {
  const goneMs = msUntilGone(job, clock.now());
  if (goneMs === undefined || goneMs > 0) return goneMs;
  await unlessRefused(access.delete(RESOURCES.jobs, keyOf(job)), "NotFound");
  return undefined;
}

async function createPod({ access, events, random }: ControllerContext, job: Job): Promise<void> {
  const { name } = job.metadata;
  const stamp = { name: `${name}-${safeSuffix(5, random)}`, generateName: `${name}-` };
  const pod = podFromTemplate({ owner: job, resource: RESOURCES.jobs }, job.spec.template, stamp);
  const created = await access.create(RESOURCES.pods, pod);
  const message = `Created pod: ${created.metadata.name}`;
  events.record({
    object: job,
    type: "Normal",
    reason: "SuccessfulCreate",
    message,
    component: "job-controller",
  });
}
