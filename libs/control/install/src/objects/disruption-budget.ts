import type { KubeObject } from "@bookmesh/kube-api";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** Keeps one pod of a part of the mesh running while nodes are emptied. */
export function disruptionBudget(name: string, podLabels: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: MESH_NAMESPACE, labels: { ...MESH_LABELS, app: name } },
    spec: { minAvailable: 1, selector: { matchLabels: podLabels } },
  };
}
