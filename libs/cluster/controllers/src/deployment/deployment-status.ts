import type { Condition, Deployment, ReplicaSet } from "@bookmesh/kube-api";
import { timestamp } from "@bookmesh/reconcile";
import { withoutZeros } from "../without-zeros.ts";
import { rollingBounds } from "./strategy.ts";
import type { Revisions } from "./revision.ts";

type DeploymentStatus = NonNullable<Deployment["status"]>;

/** Why the Progressing condition is what it is, where the controller has just done something. */
export interface Milestone {
  readonly reason: "NewReplicaSetCreated" | "FoundNewReplicaSet";
  readonly replicaSet: string;
}

/** As long as Kubernetes waits for progress where the deployment does not say. */
const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;

/** The status of `deployment` with these replica sets. */
export function deploymentStatus(
  deployment: Deployment,
  { current, old }: Revisions,
  { milestone, nowMs }: { readonly milestone?: Milestone; readonly nowMs: number },
): DeploymentStatus {
  const all = current ? [...old, current] : old;
  const available = total(all, "availableReplicas");
  const replicas = total(all, "replicas");
  const counts = {
    ...(deployment.metadata.generation === undefined
      ? {}
      : { observedGeneration: deployment.metadata.generation }),
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(all, "readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, (deployment.spec.replicas ?? 1) - available),
  };
  const seen = { deployment, current, counts, milestone, nowMs };
  const conditions = [availableCondition(seen), progressingCondition(seen), replicaFailure(all)];
  return {
    ...withoutZeros(counts), // as Kubernetes writes it
    conditions: conditions.flatMap((condition) =>
      condition ? [withTimes(deployment, condition, nowMs)] : [],
    ),
  };
}

/** Says whether every pod is of the newest template and serves. Source: Kubernetes, `DeploymentComplete`. */
export function isComplete(deployment: Deployment, counts: DeploymentStatus): boolean {
  const wanted = deployment.spec.replicas ?? 1;
  return (
    (counts.updatedReplicas ?? 0) === wanted &&
    (counts.replicas ?? 0) === wanted &&
    (counts.availableReplicas ?? 0) === wanted
  );
}

/** Milliseconds until the deadline of a deployment that makes no progress; `undefined` while there is none. */
export function msUntilDeadline(deployment: Deployment, nowMs: number): number | undefined {
  const progressing = conditionOf(deployment, "Progressing");
  const since = Date.parse(progressing?.lastUpdateTime ?? "");
  if (Number.isNaN(since) || deployment.spec.paused === true) return undefined;
  if (progressing?.reason === "NewReplicaSetAvailable" || progressing?.status === "False") return undefined;
  const seconds = deployment.spec.progressDeadlineSeconds ?? DEFAULT_PROGRESS_DEADLINE_SECONDS;
  return since + seconds * 1000 - nowMs;
}

interface Seen {
  readonly deployment: Deployment;
  readonly current: ReplicaSet | undefined;
  readonly counts: DeploymentStatus;
  readonly milestone: Milestone | undefined;
  readonly nowMs: number;
}

function availableCondition({ deployment, counts }: Seen): Condition {
  const needed = (deployment.spec.replicas ?? 1) - rollingBounds(deployment).maxUnavailable;
  return (counts.availableReplicas ?? 0) >= needed
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

function progressingCondition(seen: Seen): Condition | undefined {
  const { deployment, current, counts, milestone, nowMs } = seen;
  const present = conditionOf(deployment, "Progressing");
  if (deployment.spec.paused === true) return pausedCondition(present);
  const subject = `ReplicaSet "${current?.metadata.name ?? milestone?.replicaSet ?? ""}"`;
  const progressing = (reason: string, message: string): Condition => ({
    type: "Progressing",
    status: "True",
    reason,
    message,
  });
  if (current && isComplete(deployment, counts))
    return progressing("NewReplicaSetAvailable", `${subject} has successfully progressed.`);
  if (milestone?.reason === "NewReplicaSetCreated")
    return progressing(milestone.reason, `Created new replica set "${milestone.replicaSet}"`);
  if (milestone) return progressing(milestone.reason, `Found new replica set "${milestone.replicaSet}"`);
  if (hasMoved(deployment, counts)) return progressing("ReplicaSetUpdated", `${subject} is progressing.`);
  const leftMs = msUntilDeadline(deployment, nowMs);
  if (leftMs !== undefined && leftMs <= 0)
    return {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `${subject} has timed out progressing.`,
    };
  return present;
}

function pausedCondition(present: Condition | undefined): Condition {
  if (present?.reason === "DeploymentPaused") return present;
  return {
    type: "Progressing",
    status: "Unknown",
    reason: "DeploymentPaused",
    message: "Deployment is paused",
  };
}

function hasMoved({ status }: Deployment, counts: DeploymentStatus): boolean {
  const before = (field: "updatedReplicas" | "readyReplicas" | "availableReplicas") => status?.[field] ?? 0;
  const oldBefore = (status?.replicas ?? 0) - before("updatedReplicas");
  const oldNow = (counts.replicas ?? 0) - (counts.updatedReplicas ?? 0);
  return (
    (counts.updatedReplicas ?? 0) > before("updatedReplicas") ||
    (counts.readyReplicas ?? 0) > before("readyReplicas") ||
    (counts.availableReplicas ?? 0) > before("availableReplicas") ||
    oldNow < oldBefore
  );
}

function replicaFailure(all: readonly ReplicaSet[]): Condition | undefined {
  return all
    .toReversed() // the newest first: its failure is the one that matters
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type, status }) => type === "ReplicaFailure" && status === "True");
}

/** The update time moves with every progress, the transition time with the status alone, as `rollout` expects. */
function withTimes(deployment: Deployment, condition: Condition, nowMs: number): Condition {
  const present = conditionOf(deployment, condition.type);
  if (present === condition) return present;
  const now = timestamp(nowMs);
  const same = present?.status === condition.status;
  const unchanged = same && present.reason === condition.reason && condition.reason !== "ReplicaSetUpdated";
  return {
    ...condition,
    lastUpdateTime: unchanged ? (present.lastUpdateTime ?? now) : now,
    lastTransitionTime: same ? (present.lastTransitionTime ?? now) : now,
  };
}

function conditionOf({ status }: Deployment, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

function total(
  replicaSets: readonly ReplicaSet[],
  field: "replicas" | "readyReplicas" | "availableReplicas",
): number {
  return replicaSets.reduce((count, { status }) => count + (status?.[field] ?? 0), 0);
}
