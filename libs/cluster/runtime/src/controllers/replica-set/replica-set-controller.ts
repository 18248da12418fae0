import { isDeepStrictEqual } from "node:util";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, selects, type Pod, type ReplicaSet } from "@bookmesh/kube-api";
import { objectCache } from "../../sync/object-cache.ts";
import { keyOf, nameOf, parseName } from "../../sync/object-name.ts";
import { unlessRefused } from "../../sync/refusal.ts";
import { safeSuffix } from "../../sync/safe-hash.ts";
import { controllerQueue, type Controller, type ControllerContext } from "../controller.ts";
import { controllerOf, controllerReference, controls } from "../owner.ts";
import { isActive, msUntilAvailable } from "../pod-facts.ts";
import { podFromTemplate } from "../pod-owner-controller.ts";
import { planReplicas } from "./replica-plan.ts";
import { replicaSetStatus } from "./replica-set-status.ts";

/** How the API's refusal of new objects in a namespace that is being deleted ends. */
const NAMESPACE_ENDS = "because it is being terminated";
const COMPONENT = "replicaset-controller";

/** Keeps as many pods as each replica set wants. */
export function replicaSetController(context: ControllerContext): Controller {
  const replicaSets = objectCache<ReplicaSet>(context.access, RESOURCES.replicaSets);
  const pods = objectCache<Pod>(context.access, RESOURCES.pods);
  const queue = controllerQueue("replicaset", context, async (name) => {
    const replicaSet = replicaSets.get(parseName(name));
    if (replicaSet === undefined || replicaSet.metadata.deletionTimestamp !== undefined) return;
    await syncReplicaSet(context, replicaSet, (delayMs) => queue.addAfter(name, delayMs));
  });
  replicaSets.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  pods.onChange(({ object }) => {
    const namespace = object.metadata.namespace ?? "";
    const owner = controllerOf(object);
    if (owner?.kind === "ReplicaSet") queue.add(nameOf({ namespace, name: owner.name }));
    else if (owner === undefined && Object.keys(object.metadata.labels ?? {}).length > 0) {
      const adopters = replicaSets
        .list(namespace)
        .filter(({ spec }) => selects(spec.selector, object.metadata.labels));
      for (const adopter of adopters) queue.add(nameOf(keyOf(adopter)));
    }
  });
  return {
    stop() {
      queue.stop();
      replicaSets.stop();
      pods.stop();
    },
  };
}

/** The API is asked, not the cache: a pod that was created a moment ago must not be created again. */
async function podsOf({ access }: ControllerContext, replicaSet: ReplicaSet): Promise<readonly Pod[]> {
  const { namespace } = replicaSet.metadata;
  const { items } = await access.list<Pod>(RESOURCES.pods, namespace === undefined ? {} : { namespace });
  const own: Pod[] = [];
  for (const pod of items) {
    if (!selects(replicaSet.spec.selector, pod.metadata.labels)) continue;
    if (controls(replicaSet, pod)) own.push(pod);
    else if (controllerOf(pod) === undefined && isActive(pod)) own.push(await adopt(access, replicaSet, pod));
  }
  return own;
}

async function adopt(access: ControllerContext["access"], replicaSet: ReplicaSet, pod: Pod): Promise<Pod> {
  const reference = controllerReference(replicaSet, RESOURCES.replicaSets);
  const ownerReferences = [...(pod.metadata.ownerReferences ?? []), reference];
  return access.update(RESOURCES.pods, { ...pod, metadata: { ...pod.metadata, ownerReferences } });
}

async function syncReplicaSet(
  context: ControllerContext,
  replicaSet: ReplicaSet,
  again: (delayMs: number) => void,
): Promise<void> {
  const active = (await podsOf(context, replicaSet)).filter(isActive);
  const plan = planReplicas(replicaSet.spec.replicas ?? 1, active);
  const removed = new Set(plan.remove);
  for (const pod of plan.remove) await removePod(context, replicaSet, pod);
  const { created, failure } = await createPods(context, replicaSet, plan.create);
  const pods = [...active.filter((pod) => !removed.has(pod)), ...created];
  await writeStatus(context, replicaSet, { pods, failure: failure && messageOf(failure) });
  const waitsMs = pods.map((pod) =>
    msUntilAvailable(pod, replicaSet.spec.minReadySeconds ?? 0, context.clock.now()),
  );
  const next = waitsMs.filter((waitMs) => waitMs !== undefined && waitMs > 0);
  if (next.length > 0) again(Math.min(...next.map(Number)));
  if (failure !== undefined) throw failure; // tried again with the queue's back-off
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
