import type { ContainerRole } from "@bookmesh/pod-network";
import type { PodSpec } from "@bookmesh/kube-api";

/** The first wait after the restart that comes at once. Source: Kubernetes, "Pod Lifecycle". */
const INITIAL_MS = 10_000;
const MAX_MS = 300_000;
/** A container that has run so long starts anew as if it had never failed. */
const FORGIVEN_AFTER_MS = 600_000;

/** Says whether a container that ended shall run again. */
export function shallRestart(
  policy: PodSpec["restartPolicy"],
  role: ContainerRole,
  exitCode: number,
): boolean {
  if (role === "sidecar") return true;
  if (role === "init") return exitCode !== 0 && policy !== "Never";
  if (policy === "Never") return false;
  return policy === "OnFailure" ? exitCode !== 0 : true;
}

/** How many restarts count towards the next wait, after a run of `ranMs`. */
export function countRestart(restarts: number, ranMs: number): number {
  return ranMs >= FORGIVEN_AFTER_MS ? 1 : restarts + 1;
}

/** The wait before restart number `restarts` (1 is the first, and comes at once). */
export function restartDelayMs(restarts: number): number {
  if (restarts <= 1) return 0;
  return Math.min(MAX_MS, INITIAL_MS * 2 ** Math.min(restarts - 2, 10));
}
