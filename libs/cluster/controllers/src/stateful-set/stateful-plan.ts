import type { Pod, StatefulSet } from "@bookmesh/kube-api";
import { isFinished, isReady } from "@bookmesh/reconcile";
import { REVISION_HASH } from "../template-history.ts";

/** The next step of a stateful set: pods to make, by their numbers, and pods to delete. */
export interface StatefulPlan {
  readonly create: readonly number[];
  readonly remove: readonly Pod[];
}

const NOTHING: StatefulPlan = { create: [], remove: [] };

/** The number of a pod of the set `name`; `undefined` for other names. */
export function ordinalOf(name: string, pod: Pod): number | undefined {
  const ordinal = pod.metadata.name.slice(name.length + 1);
  return pod.metadata.name === `${name}-${ordinal}` && /^(0|[1-9]\d*)$/.test(ordinal)
    ? Number(ordinal)
    : undefined;
}

/**
 * What to do next, in Kubernetes' order: missing pods from the lowest number up, each after the one before is ready; then
 * pods too many from the highest down; then pods of another template than `revision`, from the highest down to the
 * partition. A set with the policy `Parallel` does not wait for readiness where it only grows or shrinks.
 */
export function planStatefulSet(set: StatefulSet, pods: readonly Pod[], revision: string): StatefulPlan {
  const { replicas = 1, podManagementPolicy, updateStrategy } = set.spec;
  const isParallel = podManagementPolicy === "Parallel";
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set.metadata.name, pod), pod]));
  const wanted = Array.from({ length: replicas }, (_, ordinal) => ({ ordinal, pod: byOrdinal.get(ordinal) }));
  const ended = wanted.flatMap(({ pod }) => (pod && isFinished(pod) && !isLeaving(pod) ? [pod] : []));
  if (ended.length > 0) return { create: [], remove: ended };
  const surplus = pods
    .filter((pod) => (ordinalOf(set.metadata.name, pod) ?? Number.POSITIVE_INFINITY) >= replicas)
    .toSorted(byOrdinalDown(set.metadata.name));
  if (isParallel) {
    const create = wanted.filter(({ pod }) => pod === undefined).map(({ ordinal }) => ordinal);
    const remove = surplus.filter((pod) => !isLeaving(pod));
    if (create.length + remove.length > 0) return { create, remove };
  }
  const first = wanted.find(({ pod }) => pod === undefined || isLeaving(pod) || !isReady(pod));
  if (first?.pod === undefined && first !== undefined) return { create: [first.ordinal], remove: [] };
  const isStuckOnOldTemplate =
    first?.pod !== undefined &&
    !isLeaving(first.pod) &&
    first.pod.metadata.labels?.[REVISION_HASH] !== revision;
  if (first !== undefined && !isStuckOnOldTemplate) return NOTHING;
  const [last] = surplus;
  if (last !== undefined) return isLeaving(last) ? NOTHING : { create: [], remove: [last] };
  if (updateStrategy?.type === "OnDelete") return NOTHING;
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  const outdated = wanted.findLast(
    ({ ordinal, pod }) => ordinal >= partition && pod?.metadata.labels?.[REVISION_HASH] !== revision,
  );
  return outdated?.pod && !isLeaving(outdated.pod) ? { create: [], remove: [outdated.pod] } : NOTHING;
}

function isLeaving(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

function byOrdinalDown(name: string): (one: Pod, other: Pod) => number {
  return (one, other) => (ordinalOf(name, other) ?? 0) - (ordinalOf(name, one) ?? 0);
}
