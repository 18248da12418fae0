import type { Deployment, ReplicaSet } from "@bookmesh/kube-api";
import { DESIRED_REPLICAS, MAX_REPLICAS, type Revisions } from "./revision.ts";
import {
  proportionalSizes,
  recreateStep,
  rollingStep,
  type ReplicaCount,
  type Sizes,
} from "./rollout-plan.ts";
import { rollingBounds } from "./strategy.ts";

/** The annotations of a replica set that say how large its deployment is. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = deployment.spec.replicas ?? 1;
  const { maxSurge } = rollingBounds(deployment);
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge) };
}

/** The size with which the replica set of a new template begins; `undefined` while it has to wait for old pods. */
export function initialSize(deployment: Deployment, old: readonly ReplicaSet[]): number | undefined {
  const replicas = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === "Recreate") return hasPods(old) ? undefined : replicas;
  const present = old.reduce((total, { spec }) => total + (spec.replicas ?? 1), 0);
  return Math.max(0, Math.min(replicas, replicas + rollingBounds(deployment).maxSurge - present));
}

/** The sizes that the replica sets get in this step: scaling first, then one step of the rollout. */
export function nextSizes(
  deployment: Deployment,
  { current, old }: Revisions,
): readonly (readonly [ReplicaSet, number])[] {
  const all = current ? [...old, current] : old;
  const scaled = all.filter((replicaSet) => isBehind(deployment, replicaSet));
  if (scaled.length > 0) return applySizes(all, scalingSizes(deployment, { all, scaled }));
  if (deployment.spec.paused === true) return [];
  if (!current) return recreateOld(old);
  const rollout = {
    replicas: deployment.spec.replicas ?? 1,
    current: countOf(current),
    old: old.map(countOf),
  };
  const sizes =
    deployment.spec.strategy?.type === "Recreate"
      ? recreateStep(rollout, hasPods(old))
      : rollingStep(rollout, rollingBounds(deployment));
  return applySizes(all, sizes);
}

/** A recreate without its new replica set yet: the old ones go first. */
function recreateOld(old: readonly ReplicaSet[]): readonly (readonly [ReplicaSet, number])[] {
  return old.filter(({ spec }) => (spec.replicas ?? 1) > 0).map((replicaSet) => [replicaSet, 0] as const);
}

/** An active replica set whose note of the deployment's size is out of date: the deployment has been scaled. */
function isBehind(deployment: Deployment, { metadata, spec }: ReplicaSet): boolean {
  const noted = metadata.annotations?.[DESIRED_REPLICAS];
  return (spec.replicas ?? 1) > 0 && noted !== undefined && noted !== String(deployment.spec.replicas ?? 1);
}

function scalingSizes(
  deployment: Deployment,
  { all, scaled }: { readonly all: readonly ReplicaSet[]; readonly scaled: readonly ReplicaSet[] },
): Sizes {
  const replicas = deployment.spec.replicas ?? 1;
  const active = all.filter(({ spec }) => (spec.replicas ?? 1) > 0);
  const [only] = active;
  const sizes = new Map(scaled.map(({ metadata, spec }) => [metadata.name, spec.replicas ?? 1]));
  if (active.length === 1 && only) return sizes.set(only.metadata.name, replicas);
  const limit = replicas === 0 ? 0 : replicas + rollingBounds(deployment).maxSurge;
  for (const [name, size] of proportionalSizes(active.map(countOf), limit)) sizes.set(name, size);
  return sizes;
}

function applySizes(all: readonly ReplicaSet[], sizes: Sizes): readonly (readonly [ReplicaSet, number])[] {
  return all.flatMap((replicaSet) => {
    const size = sizes.get(replicaSet.metadata.name);
    return size === undefined ? [] : [[replicaSet, size] as const];
  });
}

function countOf({ metadata, spec, status }: ReplicaSet): ReplicaCount {
  const wanted = spec.replicas ?? 1;
  return { name: metadata.name, wanted, available: Math.min(wanted, status?.availableReplicas ?? 0) };
}

function hasPods(replicaSets: readonly ReplicaSet[]): boolean {
  return replicaSets.some(({ spec, status }) => (spec.replicas ?? 1) > 0 || (status?.replicas ?? 0) > 0);
}
