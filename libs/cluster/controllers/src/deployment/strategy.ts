import type { Deployment, IntOrString } from "@bookmesh/kube-api";

/** How far a rolling update may leave the wanted number of pods, in pods. */
export interface RollingBounds {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * The deployment's bounds in pods: surge is rounded up, unavailability down, and where both are 0 one pod may be
 * unavailable, since nothing could move otherwise. Source: Kubernetes, `ResolveFenceposts`.
 */
export function rollingBounds({ spec }: Deployment): RollingBounds {
  const wanted = spec.replicas ?? 1;
  if (spec.strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: wanted };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = inPods(maxSurge, wanted, Math.ceil);
  const unavailable = inPods(maxUnavailable, wanted, Math.floor);
  return {
    maxSurge: surge,
    maxUnavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted),
  };
}

function inPods(value: IntOrString, wanted: number, round: (pods: number) => number): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? Number(value) || 0 : round((Number(percent) * wanted) / 100);
}
