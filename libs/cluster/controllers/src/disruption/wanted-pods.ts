import type { Deployment, KubeObject, Pod, ReplicaSet, StatefulSet } from "@bookmesh/kube-api";
import { keyOf, type ObjectCache } from "@bookmesh/reconcile";
import { controllerOf } from "../owner.ts";
import type { BudgetedPods } from "./budget-status.ts";

/** What may control pods, as it is now. */
export interface Workloads {
  readonly deployments: ObjectCache<Deployment>;
  readonly replicaSets: ObjectCache<ReplicaSet>;
  readonly statefulSets: ObjectCache<StatefulSet>;
}

/** How many pods those who control these want, each of them counted once; pods that nobody controls count for nothing. */
export function wantedPods(workloads: Workloads, pods: readonly Pod[]): BudgetedPods["wanted"] {
  const sizes = new Map<string, number>();
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (reference === undefined) continue;
    const workload = workloadOf(workloads, pod);
    if (workload === undefined) {
      if (reference.kind === "ReplicaSet" || reference.kind === "StatefulSet") continue; // it has just gone
      const plural = `${reference.kind.toLowerCase()}s.${reference.apiVersion.split("/")[0] ?? ""}`;
      return { unknown: `${plural} does not implement the scale subresource` };
    }
    sizes.set(workload.metadata.uid ?? "", workload.spec.replicas ?? 1);
  }
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}

/** A pod's ReplicaSet counts as its Deployment: in a rollout there are two of one, and one of the other. */
function workloadOf(
  { deployments, replicaSets, statefulSets }: Workloads,
  pod: Pod,
): Deployment | ReplicaSet | StatefulSet | undefined {
  const set = controllerIn(statefulSets, pod) ?? controllerIn(replicaSets, pod);
  if (set === undefined) return undefined;
  return controllerIn(deployments, set) ?? set;
}

function controllerIn<T extends KubeObject>(cache: ObjectCache<T>, object: KubeObject): T | undefined {
  const reference = controllerOf(object);
  const key = keyOf(object);
  const found = reference && cache.get({ ...key, name: reference.name });
  return found?.metadata.uid === reference?.uid ? found : undefined;
}
