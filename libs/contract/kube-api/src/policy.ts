import type { IntOrString } from "./core.ts";
import type { Condition, KubeObject, LabelSelector } from "./object.ts";

/** `policy/v1.PodDisruptionBudget`: how many of the pods that it selects may be gone at once because somebody wants it. */
export interface PodDisruptionBudget extends KubeObject {
  readonly kind: "PodDisruptionBudget";
  readonly spec: {
    /** Absent: no pod is meant; an empty one: all of the namespace. */
    readonly selector?: LabelSelector;
    /** One of the two at the most. */
    readonly minAvailable?: IntOrString;
    readonly maxUnavailable?: IntOrString;
    /** What becomes of pods that run and are not ready; absent: `IfHealthyBudget`. */
    readonly unhealthyPodEvictionPolicy?: "AlwaysAllow" | "IfHealthyBudget";
  };
  readonly status?: {
    readonly observedGeneration?: number;
    /** By name of a pod that was evicted and is not seen to go yet: when. */
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly expectedPods: number;
    readonly conditions?: readonly Condition[];
  };
}
