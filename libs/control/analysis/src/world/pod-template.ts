import type { KubeObject, Pod, PodTemplate } from "@bookmesh/kube-api";
import { isOf, type GroupKind } from "./group-kind.ts";

/** The kinds that stamp pods from `spec.template`. */
export const WORKLOADS: readonly GroupKind[] = [
  { group: "apps", kind: "Deployment" },
  { group: "apps", kind: "StatefulSet" },
  { group: "apps", kind: "DaemonSet" },
  { group: "apps", kind: "ReplicaSet" },
  { group: "batch", kind: "Job" },
];
const POD = { group: "", kind: "Pod" } as const;
/** Everything that describes a pod. */
export const POD_KINDS: readonly GroupKind[] = [POD, ...WORKLOADS];

/** A description of a pod, and the field that it stands in; "" where it is the object itself. */
export interface PlacedTemplate {
  readonly template: PodTemplate;
  readonly path: string;
}

/** The pod that an object is, or that it stamps. */
export function podTemplateOf(object: KubeObject): PlacedTemplate | undefined {
  if (isOf<Pod>(object, [POD])) return { template: object, path: "" };
  if (!isOf<Workload>(object, WORKLOADS) || object.spec.template === undefined) return undefined;
  return { template: object.spec.template, path: "spec.template." };
}

/** What the kinds of `WORKLOADS` have in common. */
export interface Workload extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly template?: PodTemplate };
}
