import { fromField } from "@bookmesh/injection";
import type { Container, Deployment, EnvVar, Service } from "@bookmesh/kube-api";
import type { InstallValues } from "../values/install-values.ts";
import { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";
import { RESTRICTED } from "./restricted.ts";

const LABELS = { ...MESH_LABELS, app: ISTIOD } as const;

/** istiod's Service: configuration for sidecars, webhooks for the API server, and how it is doing. */
export function istiodService(): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: LABELS },
    spec: {
      selector: ISTIOD_POD_LABELS,
      ports: [
        { name: "https-dns", port: 15012, protocol: "TCP", targetPort: 15012 },
        { name: "https-webhook", port: 443, protocol: "TCP", targetPort: 15017 },
        { name: "http-monitoring", port: 15014, protocol: "TCP", targetPort: 15014 },
      ],
    },
  };
}

/** istiod's Deployment: the control plane, run like any pod. */
export function istiodDeployment(values: InstallValues): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: LABELS },
    spec: {
      replicas: values.replicas,
      selector: { matchLabels: ISTIOD_POD_LABELS },
      // A second istiod is there before the first one goes.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...LABELS, "sidecar.istio.io/inject": "false" },
          annotations: { "prometheus.io/port": "15014", "prometheus.io/scrape": "true" },
        },
        spec: {
          serviceAccountName: ISTIOD,
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          containers: [discovery(values)],
        },
      },
    },
  };
}

function discovery({ hub, tag, imagePullPolicy, pilotCpu, pilotMemory }: InstallValues): Container {
  return {
    name: "discovery",
    image: `${hub}/control-plane:${tag}`,
    imagePullPolicy,
    args: ["discovery"],
    env: environment(),
    ports: [
      { name: "https-xds", containerPort: 15012, protocol: "TCP" },
      { name: "https-webhook", containerPort: 15017, protocol: "TCP" },
      { name: "http-monitoring", containerPort: 15014, protocol: "TCP" },
    ],
    readinessProbe: { httpGet: { path: "/ready", port: 15014 }, periodSeconds: 1, timeoutSeconds: 5 },
    resources: { requests: { cpu: pilotCpu, memory: pilotMemory } },
    securityContext: RESTRICTED,
  };
}

function environment(): readonly EnvVar[] {
  return [
    { name: "REVISION", value: "default" },
    { name: "CLUSTER_ID", value: "Kubernetes" },
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromField("SERVICE_ACCOUNT", "spec.serviceAccountName"),
    fromField("INSTANCE_IP", "status.podIP"),
  ];
}
