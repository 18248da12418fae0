import type { Container, Pod } from "@bookmesh/kube-api";
import type { PodSettings } from "./pod-settings.ts";
import { drainMsOf } from "./sidecar-environment.ts";

/** What a pod that says nothing has for its end. Source: Kubernetes API, `PodSpec`. */
const DEFAULT_GRACE_SECONDS = 30;

/**
 * Puts SIGTERM off until callers have heard that the pod ends: most programs stop listening at once, while the pod's
 * address is still in use elsewhere. A container with a preStop hook of its own has decided for itself, and a pod with
 * too little time for its end keeps that for the program.
 */
export function lameDuck(container: Container, pod: Pod, settings: PodSettings): Container {
  const seconds = Math.ceil(drainMsOf(settings.meshConfig) / 1_000);
  const graceSeconds = pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  const isTold = seconds > 0 && graceSeconds > 2 * seconds;
  if (!isTold || container.lifecycle?.preStop !== undefined) return container;
  return { ...container, lifecycle: { ...container.lifecycle, preStop: { sleep: { seconds } } } };
}
