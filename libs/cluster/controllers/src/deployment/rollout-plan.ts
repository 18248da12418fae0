import type { RollingBounds } from "./strategy.ts";

/** A replica set as the plan sees it. */
export interface ReplicaCount {
  readonly name: string;
  /** What it shall have. */
  readonly wanted: number;
  /** What it has that serves. */
  readonly available: number;
}

/** The replica sets of a deployment: the one of its template and those before it, the oldest first. */
export interface Rollout {
  readonly replicas: number;
  readonly current: ReplicaCount;
  readonly old: readonly ReplicaCount[];
}

/** New sizes by the name of the replica set; those that stay as they are, are absent. */
export type Sizes = ReadonlyMap<string, number>;

/** The next step of a rolling update: first up as far as the surge allows, then down as far as availability allows. */
export function rollingStep(rollout: Rollout, bounds: RollingBounds): Sizes {
  const { replicas, current, old } = rollout;
  const up = grownCurrent(rollout, bounds);
  if (up !== current.wanted) return new Map([[current.name, up]]);
  const total = current.wanted + sum(old, "wanted");
  const minAvailable = replicas - bounds.maxUnavailable;
  const unavailableCurrent = Math.max(0, current.wanted - current.available);
  const removable = total - minAvailable - unavailableCurrent;
  if (removable <= 0) return new Map();
  const { sizes, left } = dropUnavailable(old, removable);
  const available = current.available + sum(old, "available");
  return dropAvailable(sizes, Math.min(left, available - minAvailable));
}

/** The next step of a deployment that replaces all at once: everything old goes before anything new comes. */
export function recreateStep(rollout: Rollout, oldPodsLeft: boolean): Sizes {
  const { replicas, current, old } = rollout;
  const stillWanted = old.filter(({ wanted }) => wanted > 0);
  if (stillWanted.length > 0) return new Map(stillWanted.map(({ name }) => [name, 0]));
  if (oldPodsLeft || current.wanted === replicas) return new Map();
  return new Map([[current.name, replicas]]);
}

/**
 * The sizes after the deployment's own number changed in the middle of a rollout: the difference is shared in
 * proportion, and what rounding leaves goes to the largest. `limit` is the number of pods there may be in all.
 */
export function proportionalSizes(sets: readonly ReplicaCount[], limit: number): Sizes {
  const total = sum(sets, "wanted");
  if (total === 0 || total === limit) return new Map();
  const shares = sets.map(({ name, wanted }) => ({ name, size: Math.round((wanted * limit) / total) }));
  const largest = shares.reduce((one, other) => (other.size > one.size ? other : one));
  const rest = limit - shares.reduce((done, { size }) => done + size, 0);
  return new Map(
    shares.map((share) => [share.name, Math.max(0, share === largest ? share.size + rest : share.size)]),
  );
}

function grownCurrent({ replicas, current, old }: Rollout, { maxSurge }: RollingBounds): number {
  if (current.wanted >= replicas) return replicas;
  const room = replicas + maxSurge - current.wanted - sum(old, "wanted");
  return current.wanted + Math.max(0, Math.min(room, replicas - current.wanted));
}

interface Dropping {
  readonly count: ReplicaCount;
  readonly size: number;
}

/** Pods of old replica sets that do not serve go first: removing them costs nobody anything. */
function dropUnavailable(
  old: readonly ReplicaCount[],
  removable: number,
): { readonly sizes: readonly Dropping[]; readonly left: number } {
  let left = removable;
  const sizes = old.map((count) => {
    const dropped = Math.min(left, Math.max(0, count.wanted - count.available));
    left -= dropped;
    return { count, size: count.wanted - dropped };
  });
  return { sizes, left };
}

function dropAvailable(sizes: readonly Dropping[], removable: number): Sizes {
  let left = Math.max(0, removable);
  const result = new Map<string, number>();
  for (const { count, size } of sizes) {
    const dropped = Math.min(left, size);
    left -= dropped;
    if (size - dropped !== count.wanted) result.set(count.name, size - dropped);
  }
  return result;
}

function sum(counts: readonly ReplicaCount[], field: "wanted" | "available"): number {
  return counts.reduce((total, count) => total + count[field], 0);
}
