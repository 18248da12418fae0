import type { Container, EnvVar, Pod, Probe, Volume } from "@bookmesh/kube-api";
import { parseDurationMs, type MeshConfig } from "@bookmesh/mesh-api";
import { PROXY_CONTAINER } from "./injection-policy.ts";
import type { InjectorValues } from "./injector-values.ts";
import { workloadOf } from "./workload.ts";

/** How outbound calls reach the sidecar. */
export type InterceptionMode = MeshConfig["defaultConfig"]["interceptionMode"];

/** What a sidecar's container depends on. */
export interface SidecarInputs {
  readonly pod: Pod;
  readonly namespace: string;
  readonly meshConfig: MeshConfig;
  readonly values: InjectorValues;
  readonly interceptionMode: InterceptionMode;
  readonly clusterId: string;
  readonly version: string;
  /** Path on the sidecar → the application's own probe. */
  readonly probers: Readonly<Record<string, Probe>>;
}

const HEALTH = { httpGet: { path: "/healthz/ready", port: 15_021, scheme: "HTTP" } } as const;
/** Ten minutes: the sidecar may come up before its control plane. */
const STARTUP_PROBE: Probe = { ...HEALTH, failureThreshold: 600, periodSeconds: 1, timeoutSeconds: 3 };
const READINESS_PROBE: Probe = { ...HEALTH, failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 3 };

/** The user whose traffic is not intercepted. */
const PROXY_USER = 1_337;
/** A token is fetched anew long before it ends. */
const TOKEN_SECONDS = 43_200;

/** How long a sidecar that ends serves what is under way, where the mesh configuration says nothing readable. */
const DEFAULT_DRAIN_MS = 5_000;

const MOUNTS = [
  { name: "istio-podinfo", mountPath: "/etc/istio/pod" },
  { name: "istio-token", mountPath: "/var/run/secrets/tokens" },
  { name: "istiod-ca-cert", mountPath: "/var/run/secrets/istio" },
] as const;

/** The container `istio-proxy`. */
export function sidecarContainer(inputs: SidecarInputs): Container {
  const { values } = inputs;
  return {
    name: PROXY_CONTAINER,
    image: values.images.proxy,
    imagePullPolicy: values.imagePullPolicy,
    args: ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    env: environment(inputs),
    ports: [{ name: "http-envoy-prom", containerPort: 15_090, protocol: "TCP" }],
    startupProbe: STARTUP_PROBE,
    readinessProbe: READINESS_PROBE,
    resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "100m", memory: "128Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: PROXY_USER,
      runAsNonRoot: true,
      runAsUser: PROXY_USER,
    },
    volumeMounts: MOUNTS,
    ...(values.nativeSidecars && { restartPolicy: "Always" }),
  };
}

/** What the container mounts: who the pod is, a token that says so to istiod, and the root by which istiod is known. */
export function sidecarVolumes(): readonly Volume[] {
  const field = (path: string) => ({ path, fieldRef: { apiVersion: "v1", fieldPath: `metadata.${path}` } });
  return [
    { name: "istio-podinfo", downwardAPI: { items: [field("labels"), field("annotations")] } },
    {
      name: "istio-token",
      projected: {
        sources: [
          {
            serviceAccountToken: {
              audience: "istio-ca",
              expirationSeconds: TOKEN_SECONDS,
              path: "istio-token",
            },
          },
        ],
      },
    },
    { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
  ];
}

function environment(inputs: SidecarInputs): readonly EnvVar[] {
  const { meshConfig, probers } = inputs;
  const { defaultConfig } = meshConfig;
  return [
    { name: "CA_ADDR", value: defaultConfig.discoveryAddress },
    { name: "TRUST_DOMAIN", value: meshConfig.trustDomain },
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromField("INSTANCE_IP", "status.podIP"),
    fromField("SERVICE_ACCOUNT", "spec.serviceAccountName"),
    fromField("HOST_IP", "status.hostIP"),
    {
      name: "TERMINATION_DRAIN_DURATION_SECONDS",
      value: String((parseDurationMs(defaultConfig.terminationDrainDuration) ?? DEFAULT_DRAIN_MS) / 1_000),
    },
    { name: "PROXY_CONFIG", value: JSON.stringify(defaultConfig) },
    ...(Object.keys(probers).length > 0
      ? [{ name: "ISTIO_KUBE_APP_PROBERS", value: JSON.stringify(probers) }]
      : []),
    ...scraping(inputs.pod),
    ...metadata(inputs),
    ...Object.entries(defaultConfig.proxyMetadata).map(([name, value]) => ({ name, value })),
  ];
}

/** What becomes the node's metadata: the sidecar drops `ISTIO_META_` and sends the rest. */
function metadata(inputs: SidecarInputs): EnvVar[] {
  const { pod, namespace, interceptionMode, meshConfig } = inputs;
  const { name, kind, apiVersion } = workloadOf(pod);
  const plural = `${kind.toLowerCase()}s`;
  const containers = pod.spec.containers;
  const ports = containers.flatMap((container) => container.ports ?? []);
  return [
    { name: "ISTIO_META_POD_PORTS", value: JSON.stringify(ports) },
    { name: "ISTIO_META_APP_CONTAINERS", value: containers.map((container) => container.name).join(",") },
    { name: "ISTIO_META_CLUSTER_ID", value: inputs.clusterId },
    { name: "ISTIO_META_ISTIO_VERSION", value: inputs.version },
    fromField("ISTIO_META_NODE_NAME", "spec.nodeName"),
    { name: "ISTIO_META_INTERCEPTION_MODE", value: interceptionMode },
    { name: "ISTIO_META_WORKLOAD_NAME", value: name },
    {
      name: "ISTIO_META_OWNER",
      value: `kubernetes://apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`,
    },
    { name: "ISTIO_META_MESH_ID", value: meshConfig.trustDomain },
  ];
}

/** Where the application offers its own metrics: the sidecar adds them to its own. */
function scraping({ metadata: { annotations } }: Pod): EnvVar[] {
  const of = (key: string) => annotations?.[`prometheus.io/${key}`] ?? "";
  const own = { scrape: of("scrape"), path: of("path"), port: of("port") };
  if (own.port === "" && own.path === "") return [];
  return [{ name: "ISTIO_PROMETHEUS_ANNOTATIONS", value: JSON.stringify(own) }];
}

function fromField(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}
