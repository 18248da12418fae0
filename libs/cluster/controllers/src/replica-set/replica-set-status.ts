import { selects, type Condition, type Pod, type ReplicaSet } from "@bookmesh/kube-api";
import { isReady, msUntilAvailable, timestamp } from "@bookmesh/reconcile";
import { withoutZeros } from "../without-zeros.ts";

/** The status of a replica set with these active pods. `failure` says why pods could not be created, if so. */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  { failure, nowMs }: { readonly failure: string | undefined; readonly nowMs: number },
): NonNullable<ReplicaSet["status"]> {
  const { spec, metadata } = replicaSet;
  const template = spec.template?.metadata?.labels ?? {};
  const available = pods.filter((pod) => msUntilAvailable(pod, spec.minReadySeconds ?? 0, nowMs) === 0);
  const conditions = replicaFailure(replicaSet, failure, nowMs);
  return {
    replicas: pods.length,
    ...withoutZeros({
      fullyLabeledReplicas: pods.filter((pod) => selects({ matchLabels: template }, pod.metadata.labels))
        .length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: available.length,
    }),
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function replicaFailure(
  { status }: ReplicaSet,
  failure: string | undefined,
  nowMs: number,
): readonly Condition[] {
  if (failure === undefined) return [];
  const present = status?.conditions?.find(({ type }) => type === "ReplicaFailure");
  return [
    {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: failure,
      lastTransitionTime: present?.lastTransitionTime ?? timestamp(nowMs),
    },
  ];
}
