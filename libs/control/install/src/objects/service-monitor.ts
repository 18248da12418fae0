import type { KubeObject } from "@bookmesh/kube-api";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** Tells a Prometheus operator where istiod's metrics are. */
export function serviceMonitor(): KubeObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: { ...MESH_LABELS, app: ISTIOD } },
    spec: {
      selector: { matchLabels: { app: ISTIOD } },
      endpoints: [{ port: "http-monitoring", interval: "15s" }],
    },
  };
}
