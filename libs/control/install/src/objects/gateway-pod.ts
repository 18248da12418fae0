import { fromField, SIDECAR_MOUNTS, sidecarVolumes } from "@bookmesh/injection";
import type { Container, EnvVar, PodTemplate } from "@bookmesh/kube-api";
import type { InstallValues } from "../values/install-values.ts";
import { DEFAULT_TAG } from "../values/settings.ts";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";
import { RESTRICTED } from "./restricted.ts";

/** Whose pod it is. */
export interface GatewayPod {
  /** Of the Deployment. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pod of a gateway. */
export function gatewayPod({ name, labels }: GatewayPod, values: InstallValues): PodTemplate {
  return {
    metadata: {
      labels: { ...MESH_LABELS, ...labels, "sidecar.istio.io/inject": "false" },
      annotations: {
        "prometheus.io/path": "/stats/prometheus",
        "prometheus.io/port": "15020",
        "prometheus.io/scrape": "true",
      },
    },
    spec: {
      serviceAccountName: `${name}-service-account`,
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [proxy(name, values)],
      volumes: sidecarVolumes({ keepsKeys: true }),
    },
  };
}

function proxy(name: string, values: InstallValues): Container {
  const port = (containerPort: number, portName: string) => ({
    name: portName,
    containerPort,
    protocol: "TCP",
  });
  return {
    name: "istio-proxy",
    image: `${values.hub}/sidecar-proxy:${values.tag}`,
    imagePullPolicy: values.imagePullPolicy,
    args: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    env: environment(name, values),
    ports: [
      port(15_021, "status-port"),
      port(8_080, "http2"),
      port(8_443, "https"),
      port(15_090, "http-envoy-prom"),
    ],
    readinessProbe: {
      httpGet: { path: "/healthz/ready", port: 15_021, scheme: "HTTP" },
      periodSeconds: 2,
      timeoutSeconds: 3,
      failureThreshold: 30,
    },
    resources: {
      limits: { cpu: values.proxyCpuLimit, memory: values.proxyMemoryLimit },
      requests: { cpu: values.proxyCpu, memory: values.proxyMemory },
    },
    securityContext: RESTRICTED,
    volumeMounts: SIDECAR_MOUNTS,
  };
}

/** What a sidecar is told, but of an application and of redirection. */
function environment(name: string, { trustDomain, podNetwork }: InstallValues): readonly EnvVar[] {
  const discoveryAddress = `istiod.${MESH_NAMESPACE}.svc:15012`;
  const offset = podNetwork?.applicationAddressOffset;
  return [
    { name: "CA_ADDR", value: discoveryAddress },
    { name: "TRUST_DOMAIN", value: trustDomain },
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromField("INSTANCE_IP", "status.podIP"),
    fromField("SERVICE_ACCOUNT", "spec.serviceAccountName"),
    fromField("HOST_IP", "status.hostIP"),
    { name: "PROXY_CONFIG", value: JSON.stringify({ discoveryAddress }) },
    { name: "ISTIO_META_CLUSTER_ID", value: "Kubernetes" },
    { name: "ISTIO_META_ISTIO_VERSION", value: DEFAULT_TAG },
    fromField("ISTIO_META_NODE_NAME", "spec.nodeName"),
    { name: "ISTIO_META_INTERCEPTION_MODE", value: podNetwork?.interceptionMode ?? "REDIRECT" },
    { name: "ISTIO_META_WORKLOAD_NAME", value: name },
    {
      name: "ISTIO_META_OWNER",
      value: `kubernetes://apis/apps/v1/namespaces/${MESH_NAMESPACE}/deployments/${name}`,
    },
    { name: "ISTIO_META_MESH_ID", value: trustDomain },
    { name: "ISTIO_META_UNPRIVILEGED_POD", value: "true" },
    ...(offset === undefined ? [] : [{ name: "APPLICATION_ADDRESS_OFFSET", value: offset }]),
  ];
}
