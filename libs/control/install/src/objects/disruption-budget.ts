import type { KubeObject } from "@bookmesh/kube-api";
import { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** Keeps one istiod running while nodes are emptied. */
export function disruptionBudget(): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: { ...MESH_LABELS, app: ISTIOD } },
    spec: { minAvailable: 1, selector: { matchLabels: ISTIOD_POD_LABELS } },
  };
}
