import { isDeepStrictEqual } from "node:util";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  unlessRefused,
  type Controller,
  type ControllerContext,
  type ObjectCache,
} from "@bookmesh/reconcile";
import {
  currentRevision,
  inheritedAnnotations,
  newReplicaSet,
  REVISION,
  revisionOf,
  revisionsOf,
  type Revisions,
} from "./revision.ts";
import { RESOURCES, type Deployment, type ReplicaSet } from "@bookmesh/kube-api";
import { claim, concerned } from "../adoption.ts";
import { deploymentStatus, isComplete, msUntilDeadline, type Milestone } from "./deployment-status.ts";
import { initialSize, nextSizes, sizeAnnotations } from "./sizes.ts";

const COMPONENT = "deployment-controller";
const DEFAULT_HISTORY_LIMIT = 10;

/** Moves each deployment's pods to its template, a step at a time: every change of a replica set is a new step. */
export function deploymentController(context: ControllerContext): Controller {
  const deployments = objectCache<Deployment>(context.access, RESOURCES.deployments);
  const replicaSets = objectCache<ReplicaSet>(context.access, RESOURCES.replicaSets);
  const queue = controllerQueue("deployment", context, async (name) => {
    const deployment = deployments.get(parseName(name));
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return;
    await syncDeployment(context, deployment, replicaSets);
    const deadlineMs = msUntilDeadline(deployment, context.clock.now());
    if (deadlineMs !== undefined && deadlineMs > 0) queue.addAfter(name, deadlineMs);
  });
  deployments.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  replicaSets.onChange(({ object }) => {
    for (const name of concerned(object, RESOURCES.deployments, deployments)) queue.add(name);
  });
  return {
    stop() {
      queue.stop();
      deployments.stop();
      replicaSets.stop();
    },
  };
}

async function syncDeployment(
  context: ControllerContext,
  deployment: Deployment,
  replicaSets: ObjectCache<ReplicaSet>,
): Promise<void> {
  const owned = await claim(
    context.access,
    { owner: deployment, resource: RESOURCES.deployments },
    { resource: RESOURCES.replicaSets, objects: replicaSets.list(deployment.metadata.namespace) },
  );
  const found = revisionsOf(deployment, owned);
  const { revisions, milestone } = await ensureCurrent(context, deployment, found);
  const numbered = await writeRevision(context, deployment, revisions);
  for (const [replicaSet, replicas] of nextSizes(numbered, revisions))
    await scale(context, { deployment: numbered, replicaSet, replicas });
  const nowMs = context.clock.now();
  const status = deploymentStatus(numbered, revisions, milestone ? { milestone, nowMs } : { nowMs });
  if (isComplete(numbered, status)) await forgetOldRevisions(context, numbered, revisions);
  if (isDeepStrictEqual({ ...status }, { ...numbered.status })) return;
  await context.access.updateStatus(RESOURCES.deployments, { ...numbered, status });
}

/** Makes the replica set of the template where it is missing; a paused deployment and one that waits make none. */
async function ensureCurrent(
  context: ControllerContext,
  deployment: Deployment,
  revisions: Revisions,
): Promise<{ readonly revisions: Revisions; readonly milestone?: Milestone }> {
  const { current, old } = revisions;
  const revision = String(currentRevision(revisions));
  if (current) {
    const known = current.metadata.annotations ?? {};
    const annotations = { ...known, ...inheritedAnnotations(deployment), [REVISION]: revision };
    if (isDeepStrictEqual(annotations, known)) return { revisions };
    const metadata = { ...current.metadata, annotations };
    const updated = await context.access.update(RESOURCES.replicaSets, { ...current, metadata });
    const milestone = { reason: "FoundNewReplicaSet", replicaSet: current.metadata.name } as const;
    const isSame = known[REVISION] === revision;
    return { revisions: { current: updated, old }, ...(isSame ? {} : { milestone }) };
  }
  const replicas = initialSize(deployment, old);
  if (deployment.spec.paused === true || replicas === undefined) return { revisions };
  const annotations = { ...sizeAnnotations(deployment), [REVISION]: revision };
  const wanted = newReplicaSet(deployment, { replicas, annotations });
  const created = await context.access.create(RESOURCES.replicaSets, wanted);
  reportScaling(context, { deployment, replicaSet: created, from: 0, to: replicas });
  const milestone = { reason: "NewReplicaSetCreated", replicaSet: created.metadata.name } as const;
  return { revisions: { current: created, old }, milestone };
}

async function writeRevision(
  { access }: ControllerContext,
  deployment: Deployment,
  { current }: Revisions,
): Promise<Deployment> {
  if (!current || revisionOf(deployment) === revisionOf(current)) return deployment;
  const annotations = { ...deployment.metadata.annotations, [REVISION]: String(revisionOf(current)) };
  return access.update(RESOURCES.deployments, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
  });
}

interface Scaling {
  readonly deployment: Deployment;
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

async function scale(
  context: ControllerContext,
  { deployment, replicaSet, replicas }: Scaling,
): Promise<void> {
  const from = replicaSet.spec.replicas ?? 1;
  const annotations = { ...replicaSet.metadata.annotations, ...sizeAnnotations(deployment) };
  await context.access.update(RESOURCES.replicaSets, {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations },
    spec: { ...replicaSet.spec, replicas },
  });
  if (from !== replicas) reportScaling(context, { deployment, replicaSet, from, to: replicas });
}

function reportScaling(
  { events }: ControllerContext,
  step: {
    readonly deployment: Deployment;
    readonly replicaSet: ReplicaSet;
    readonly from: number;
    readonly to: number;
  },
): void {
  const { deployment, replicaSet, from, to } = step;
  const direction = to > from ? "up" : "down";
  events.record({
    object: deployment,
    type: "Normal",
    reason: "ScalingReplicaSet",
    message: `Scaled ${direction} replica set ${replicaSet.metadata.name} from ${from} to ${to}`,
    component: COMPONENT,
  });
}

async function forgetOldRevisions(
  { access }: ControllerContext,
  { spec }: Deployment,
  { old }: Revisions,
): Promise<void> {
  const limit = spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT;
  const unused = old.filter(
    ({ spec: { replicas }, status }) => replicas === 0 && (status?.replicas ?? 0) === 0,
  );
  const byRevision = unused.toSorted((one, other) => revisionOf(one) - revisionOf(other));
  for (const replicaSet of byRevision.slice(0, Math.max(0, unused.length - limit)))
    await unlessRefused(access.delete(RESOURCES.replicaSets, keyOf(replicaSet)), "NotFound");
}
