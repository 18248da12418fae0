import type { KubeObject } from "@bookmesh/kube-api";
import { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** Sidecars, the API server (whose address no selector can name) and whoever collects metrics. */
const SERVED_PORTS = [15_012, 15_014, 15_017];

/** Lets through to istiod what it serves, and nothing else. What istiod itself calls is the cluster's API alone. */
export function networkPolicy(): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: { ...MESH_LABELS, app: ISTIOD } },
    spec: {
      podSelector: { matchLabels: ISTIOD_POD_LABELS },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: SERVED_PORTS.map((port) => ({ port, protocol: "TCP" })) }],
      egress: [{}],
    },
  };
}
