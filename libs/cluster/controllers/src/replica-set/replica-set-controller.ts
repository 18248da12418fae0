import { isDeepStrictEqual } from "node:util";
import {
  isActive,
  keyOf,
  msUntilAvailable,
  safeSuffix,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type Pod, type ReplicaSet } from "@bookmesh/kube-api";
import { podFromTemplate, podOwnerController, podsOf } from "../pod-owner-controller.ts";
import { planReplicas } from "./replica-plan.ts";
import { replicaSetStatus } from "./replica-set-status.ts";

/** How the API's refusal of new objects in a namespace that is being deleted ends. */
const NAMESPACE_ENDS = "because it is being terminated";
const COMPONENT = "replicaset-controller";

/** Keeps as many pods as each replica set wants. */
export function replicaSetController(context: ControllerContext): Controller {
  return podOwnerController<ReplicaSet>(context, RESOURCES.replicaSets, syncReplicaSet);
}

async function syncReplicaSet(
  context: ControllerContext,
  replicaSet: ReplicaSet,
): Promise<number | undefined> {
  const active = await podsOf(context, replicaSet, { resource: RESOURCES.replicaSets, fits: isActive });
  const plan = planReplicas(replicaSet.spec.replicas ?? 1, active);
  const removed = new Set(plan.remove);
  for (const pod of plan.remove) await removePod(context, replicaSet, pod);
  const { created, failure } = await createPods(context, replicaSet, plan.create);
  const pods = [...active.filter((pod) => !removed.has(pod)), ...created];
  await writeStatus(context, replicaSet, { pods, failure: failure && messageOf(failure) });
  const waitsMs = pods.map((pod) =>
    msUntilAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, context.clock.now()),
  );
  if (failure !== undefined) throw failure; // tried again with the queue's back-off
  const next = waitsMs.filter((waitMs) => waitMs !== undefined && waitMs > 0);
  return next.length > 0 ? Math.min(...next.map(Number)) : undefined;
}

async function createPods(
  context: ControllerContext,
  replicaSet: ReplicaSet,
  count: number,
): Promise<{ readonly created: readonly Pod[]; readonly failure?: Error }> {
  const created: Pod[] = [];
  for (let number = 0; number < count; number += 1) {
    try {
      const pod = await context.access.create(RESOURCES.pods, stampPod(replicaSet, context.random));
      created.push(pod);
      report(context, replicaSet, ["Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`]);
    } catch (error) {
      if (messageOf(error).endsWith(NAMESPACE_ENDS)) return { created }; // there is nothing to try again
      report(context, replicaSet, ["Warning", "FailedCreate", `Error creating: ${messageOf(error)}`]);
      return { created, failure: error instanceof Error ? error : new Error(String(error)) };
    }
  }
  return { created };
}

function stampPod(replicaSet: ReplicaSet, random: () => number): Pod {
  const { name } = replicaSet.metadata;
  return podFromTemplate(
    { owner: replicaSet, resource: RESOURCES.replicaSets },
    replicaSet.spec.template ?? { spec: { containers: [] } },
    { name: `${name}-${safeSuffix(5, random)}`, generateName: `${name}-` },
  );
}

async function removePod(context: ControllerContext, replicaSet: ReplicaSet, pod: Pod): Promise<void> {
  const { uid, name } = pod.metadata;
  const options = uid === undefined ? {} : { uid };
  const deleted = await context.access.delete(RESOURCES.pods, keyOf(pod), options);
  if (deleted) report(context, replicaSet, ["Normal", "SuccessfulDelete", `Deleted pod: ${name}`]);
}

async function writeStatus(
  { access, clock }: ControllerContext,
  replicaSet: ReplicaSet,
  { pods, failure }: { readonly pods: readonly Pod[]; readonly failure: string | undefined },
): Promise<void> {
  const status = replicaSetStatus(replicaSet, pods, { failure, nowMs: clock.now() });
  if (isDeepStrictEqual({ ...status }, { ...replicaSet.status })) return;
  await unlessRefused(access.updateStatus(RESOURCES.replicaSets, { ...replicaSet, status }), "NotFound");
}

function report(
  { events }: ControllerContext,
  object: ReplicaSet,
  [type, reason, message]: readonly ["Normal" | "Warning", string, string],
): void {
  events.record({ object, type, reason, message, component: COMPONENT });
}
