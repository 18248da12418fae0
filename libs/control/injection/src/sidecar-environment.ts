import { fromField } from "./from-field.ts";
import type { EnvVar, Pod, Probe } from "@bookmesh/kube-api";
import { parseDurationMs, type MeshConfig } from "@bookmesh/mesh-api";
import type { PodSettings } from "./pod-settings.ts";
import { workloadOf } from "./workload.ts";

/** What a sidecar's environment depends on. */
export interface EnvironmentInputs {
  readonly pod: Pod;
  readonly namespace: string;
  readonly settings: PodSettings;
  readonly clusterId: string;
  readonly version: string;
  /** Path on the sidecar → the application's own probe. */
  readonly probers: Readonly<Record<string, Probe>>;
}

/** How long a sidecar that ends serves what is under way, where the mesh configuration says nothing readable. */
const DEFAULT_DRAIN_MS = 5_000;

/** What the sidecar is told about its pod and its mesh. */
export function sidecarEnvironment(inputs: EnvironmentInputs): readonly EnvVar[] {
  const { settings, probers } = inputs;
  const { defaultConfig, trustDomain } = settings.meshConfig;
  return [
    { name: "CA_ADDR", value: defaultConfig.discoveryAddress },
    { name: "TRUST_DOMAIN", value: trustDomain },
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromField("INSTANCE_IP", "status.podIP"),
    fromField("SERVICE_ACCOUNT", "spec.serviceAccountName"),
    fromField("HOST_IP", "status.hostIP"),
    { name: "TERMINATION_DRAIN_DURATION_SECONDS", value: String(drainMsOf(settings.meshConfig) / 1_000) },
    { name: "PROXY_CONFIG", value: JSON.stringify(defaultConfig) },
    ...(Object.keys(probers).length > 0
      ? [{ name: "ISTIO_KUBE_APP_PROBERS", value: JSON.stringify(probers) }]
      : []),
    ...(settings.mergesMetrics ? scraping(inputs.pod) : []),
    ...metadata(inputs),
    ...Object.entries(defaultConfig.proxyMetadata).map(([name, value]) => ({ name, value })),
  ];
}

/** What becomes the node's metadata: the sidecar drops `ISTIO_META_` and sends the rest. */
function metadata({ pod, namespace, settings, clusterId, version }: EnvironmentInputs): EnvVar[] {
  const { name, kind, apiVersion } = workloadOf(pod);
  const plural = `${kind.toLowerCase()}s`;
  const containers = pod.spec.containers;
  const ports = containers.flatMap((container) => container.ports ?? []);
  return [
    { name: "ISTIO_META_POD_PORTS", value: JSON.stringify(ports) },
    { name: "ISTIO_META_APP_CONTAINERS", value: containers.map((container) => container.name).join(",") },
    { name: "ISTIO_META_CLUSTER_ID", value: clusterId },
    { name: "ISTIO_META_ISTIO_VERSION", value: version },
    fromField("ISTIO_META_NODE_NAME", "spec.nodeName"),
    { name: "ISTIO_META_INTERCEPTION_MODE", value: settings.interceptionMode },
    { name: "ISTIO_META_WORKLOAD_NAME", value: name },
    {
      name: "ISTIO_META_OWNER",
      value: `kubernetes://apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`,
    },
    { name: "ISTIO_META_MESH_ID", value: settings.meshConfig.trustDomain },
  ];
}

/** Where the application offers its own metrics: the sidecar adds them to its own. */
function scraping({ metadata: { annotations } }: Pod): EnvVar[] {
  const of = (key: string) => annotations?.[`prometheus.io/${key}`] ?? "";
  const own = { scrape: of("scrape"), path: of("path"), port: of("port") };
  if (own.port === "" && own.path === "") return [];
  return [{ name: "ISTIO_PROMETHEUS_ANNOTATIONS", value: JSON.stringify(own) }];
}

/** How long a pod that ends serves those who do not know it yet, in milliseconds. */
export function drainMsOf({ defaultConfig }: MeshConfig): number {
  return parseDurationMs(defaultConfig.terminationDrainDuration) ?? DEFAULT_DRAIN_MS;
}
