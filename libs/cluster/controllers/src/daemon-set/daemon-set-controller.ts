import { isDeepStrictEqual } from "node:util";
import {
  isActive,
  isFinished,
  isReady,
  msUntilAvailable,
  safeSuffix,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { RESOURCES, type DaemonSet, type Pod } from "@bookmesh/kube-api";
import { deletePod, podFromTemplate, podOwnerController, podsOf } from "../pod-owner-controller.ts";
import { forgetTemplates, rememberTemplate, REVISION_HASH } from "../template-history.ts";
import { withoutZeros } from "../without-zeros.ts";

/** Keeps one pod of each daemon set on the one node there is. */
export function daemonSetController(context: ControllerContext): Controller {
  return podOwnerController<DaemonSet>(context, RESOURCES.daemonSets, syncDaemonSet);
}

async function syncDaemonSet(context: ControllerContext, daemonSet: DaemonSet): Promise<number | undefined> {
  const history = await rememberTemplate(context, daemonSet, RESOURCES.daemonSets);
  const hash = history.current.metadata.labels?.[REVISION_HASH] ?? "";
  const pods = await podsOf(context, daemonSet, { resource: RESOURCES.daemonSets });
  for (const pod of pods.filter(isFinished)) await deletePod(context, pod);
  const [oldest, ...others] = pods.filter(isActive);
  for (const pod of others) await deletePod(context, pod);
  const isOutdated = oldest !== undefined && oldest.metadata.labels?.[REVISION_HASH] !== hash;
  const isRolling = daemonSet.spec.updateStrategy?.type !== "OnDelete";
  if (isOutdated && isRolling) await deletePod(context, oldest);
  // A pod that still ends holds its place: the next one is made when it is gone.
  if (pods.length === 0) await createPod(context, daemonSet, hash);
  const active = oldest === undefined || (isOutdated && isRolling) ? [] : [oldest];
  await writeStatus(context, daemonSet, { pods: active, hash });
  const used = new Set([history.current.metadata.name]);
  await forgetTemplates(context, daemonSet, { all: history.all, used });
  const waitMs = oldest && msUntilAvailable(oldest, daemonSet.spec.minReadySeconds ?? 0, context.clock.now());
  return waitMs === 0 ? undefined : waitMs;
}

async function createPod(
  { access, events, random }: ControllerContext,
  daemonSet: DaemonSet,
  hash: string,
): Promise<void> {
  const { name } = daemonSet.metadata;
  const pod = podFromTemplate({ owner: daemonSet, resource: RESOURCES.daemonSets }, daemonSet.spec.template, {
    name: `${name}-${safeSuffix(5, random)}`,
    generateName: `${name}-`,
    labels: { [REVISION_HASH]: hash, "pod-template-generation": String(daemonSet.metadata.generation ?? 1) },
  });
  const created = await access.create(RESOURCES.pods, pod);
  const message = `Created pod: ${created.metadata.name}`;
  const component = "daemonset-controller";
  events.record({ object: daemonSet, type: "Normal", reason: "SuccessfulCreate", message, component });
}

async function writeStatus(
  { access, clock }: ControllerContext,
  daemonSet: DaemonSet,
  { pods, hash }: { readonly pods: readonly Pod[]; readonly hash: string },
): Promise<void> {
  const available = pods.filter(
    (pod) => msUntilAvailable(pod, daemonSet.spec.minReadySeconds ?? 0, clock.now()) === 0,
  ).length;
  const status = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: 1,
    numberMisscheduled: 0,
    numberReady: pods.filter(isReady).length,
    observedGeneration: daemonSet.metadata.generation ?? 1,
    ...withoutZeros({
      numberAvailable: available,
      numberUnavailable: 1 - available,
      updatedNumberScheduled: pods.filter(({ metadata }) => metadata.labels?.[REVISION_HASH] === hash).length,
    }),
  };
  if (isDeepStrictEqual({ ...status }, { ...daemonSet.status })) return;
  await unlessRefused(access.updateStatus(RESOURCES.daemonSets, { ...daemonSet, status }), "NotFound");
}
