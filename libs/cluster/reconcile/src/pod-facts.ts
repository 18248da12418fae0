import type { Condition, Pod } from "@bookmesh/kube-api";

/** The condition `type` of a pod, where it has one. */
function podCondition(pod: Pod, type: string): Condition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

/** Says whether the pod takes traffic. */
export function isReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Says whether the pod will never run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Says whether the pod counts as a replica: neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** How long until a ready pod counts as available, in milliseconds; 0 when it does, `undefined` while it is not ready. */
export function msUntilAvailable(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  const sinceMs = Date.parse(ready.lastTransitionTime ?? "");
  if (minReadySeconds === 0 || Number.isNaN(sinceMs)) return 0;
  return Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs);
}

/** An RFC 3339 time in whole seconds, as Kubernetes writes it. */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}
