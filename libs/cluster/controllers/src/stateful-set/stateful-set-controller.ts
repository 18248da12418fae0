import { isDeepStrictEqual } from "node:util";
import {
  isActive,
  isReady,
  msUntilAvailable,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import {
  forgetTemplates,
  rememberTemplate,
  REVISION_HASH,
  type TemplateHistory,
} from "../template-history.ts";
import { RESOURCES, type Pod, type StatefulSet } from "@bookmesh/kube-api";
import { deletePod, podFromTemplate, podOwnerController, podsOf } from "../pod-owner-controller.ts";
import { withoutZeros } from "../without-zeros.ts";
import { ordinalOf, planStatefulSet } from "./stateful-plan.ts";

/** Keeps the numbered pods of each stateful set, one step after the other. */
export function statefulSetController(context: ControllerContext): Controller {
  return podOwnerController<StatefulSet>(context, RESOURCES.statefulSets, syncStatefulSet);
}

async function syncStatefulSet(context: ControllerContext, set: StatefulSet): Promise<undefined> {
  const history = await rememberTemplate(context, set, RESOURCES.statefulSets);
  const update = history.current.metadata.name;
  const pods = await podsOf(context, set, {
    resource: RESOURCES.statefulSets,
    fits: (pod) => ordinalOf(set.metadata.name, pod) !== undefined,
  });
  const { create, remove } = planStatefulSet(set, pods, update);
  for (const pod of remove) {
    await deletePod(context, pod);
    report(context, set, ["SuccessfulDelete", "delete", pod.metadata.name]);
  }
  for (const ordinal of create) await createPod(context, set, { ordinal, history });
  const removed = new Set(remove);
  const rest = pods.filter((pod) => !removed.has(pod));
  const current = await writeStatus(context, set, { pods: rest, update });
  await forgetTemplates(context, set, { all: history.all, used: new Set([update, current]) });
}

/** Below the partition a pod comes back with the template that it had. */
async function createPod(
  context: ControllerContext,
  set: StatefulSet,
  { ordinal, history }: { readonly ordinal: number; readonly history: TemplateHistory },
): Promise<void> {
  const { updateStrategy, serviceName = "" } = set.spec;
  const isHeldBack = ordinal < (updateStrategy?.rollingUpdate?.partition ?? 0);
  const previous = history.all.find(({ metadata }) => metadata.name === set.status?.currentRevision);
  const revision = isHeldBack ? (previous ?? history.current) : history.current;
  const name = `${set.metadata.name}-${ordinal}`;
  const { metadata, spec } = revision.data.spec.template;
  const pod = podFromTemplate(
    { owner: set, resource: RESOURCES.statefulSets },
    { ...(metadata && { metadata }), spec },
    {
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        [REVISION_HASH]: revision.metadata.name,
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": String(ordinal),
      },
      spec: { hostname: name, ...(serviceName !== "" && { subdomain: serviceName }) },
    },
  );
  await context.access.create(RESOURCES.pods, pod);
  report(context, set, ["SuccessfulCreate", "create", name]);
}

/** Returns the revision that counts as the current one: the updated one only when all pods have it and are ready. */
async function writeStatus(
  { access, clock }: ControllerContext,
  set: StatefulSet,
  { pods, update }: { readonly pods: readonly Pod[]; readonly update: string },
): Promise<string> {
  const { replicas = 1, minReadySeconds = 0 } = set.spec;
  const active = pods.filter(isActive);
  const having = (revision: string): number =>
    active.filter(({ metadata }) => metadata.labels?.[REVISION_HASH] === revision).length;
  const readyReplicas = active.filter(isReady).length;
  const isComplete = having(update) === replicas && readyReplicas === replicas;
  const currentRevision = isComplete ? update : (set.status?.currentRevision ?? update);
  const status = {
    replicas: pods.length,
    availableReplicas: active.filter((pod) => msUntilAvailable(pod, minReadySeconds, clock.now()) === 0)
      .length,
    collisionCount: 0,
    currentRevision,
    updateRevision: update,
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    ...withoutZeros({
      currentReplicas: having(currentRevision),
      readyReplicas,
      updatedReplicas: having(update),
    }),
  };
  if (!isDeepStrictEqual({ ...status }, { ...set.status }))
    await unlessRefused(access.updateStatus(RESOURCES.statefulSets, { ...set, status }), "NotFound");
  return currentRevision;
}

function report(
  { events }: ControllerContext,
  object: StatefulSet,
  [reason, verb, pod]: readonly [string, string, string],
): void {
  const message = `${verb} Pod ${pod} in StatefulSet ${object.metadata.name} successful`;
  events.record({ object, type: "Normal", reason, message, component: "statefulset-controller" });
}
