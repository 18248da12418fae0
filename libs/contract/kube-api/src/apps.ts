import type { IntOrString, PodSpec } from "./core.ts";
import type { Condition, KubeObject, LabelSelector, ObjectMeta } from "./object.ts";

/** The pod that a Deployment or ReplicaSet stamps. */
export interface PodTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec: PodSpec;
}

/** `apps/v1.Deployment`. */
export interface Deployment extends KubeObject {
  readonly kind: "Deployment";
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: {
      readonly type?: "RollingUpdate" | "Recreate";
      readonly rollingUpdate?: { readonly maxSurge?: IntOrString; readonly maxUnavailable?: IntOrString };
    };
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly progressDeadlineSeconds?: number;
    readonly paused?: boolean;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** `apps/v1.ReplicaSet`. */
export interface ReplicaSet extends KubeObject {
  readonly kind: "ReplicaSet";
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template?: PodTemplate;
    readonly minReadySeconds?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas: number;
    readonly fullyLabeledReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}
