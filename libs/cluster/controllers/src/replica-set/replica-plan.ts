import type { Pod } from "@bookmesh/kube-api";
import { isReady } from "@bookmesh/reconcile";

/** What a replica set shall do to its pods. */
export interface ReplicaPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** A replica set creates at most so many pods in one go, so that a wrong number cannot flood the machine at once. */
export const MAX_BURST = 100;

/** Compares the active pods with the wanted number. The pods that are worth least go first, as in Kubernetes. */
export function planReplicas(wanted: number, active: readonly Pod[]): ReplicaPlan {
  const missing = wanted - active.length;
  if (missing >= 0) return { create: Math.min(missing, MAX_BURST), remove: [] };
  return { create: 0, remove: [...active].sort(byWorth).slice(0, -missing) };
}

/** Unready before ready, then the younger first: it serves the fewest. */
function byWorth(one: Pod, other: Pod): number {
  const readiness = Number(isReady(one)) - Number(isReady(other));
  if (readiness !== 0) return readiness;
  const [created, otherCreated] = [
    one.metadata.creationTimestamp ?? "",
    other.metadata.creationTimestamp ?? "",
  ];
  if (created !== otherCreated) return created > otherCreated ? -1 : 1;
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
