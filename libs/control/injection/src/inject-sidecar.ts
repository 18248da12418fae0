import type { Container, Pod } from "@bookmesh/kube-api";
import type { MeshConfig } from "@bookmesh/mesh-api";
import { AGENT_PORT, rewriteProbes } from "./application-probes.ts";
import { PROXY_CONTAINER, refusalToInject, STATUS_ANNOTATION } from "./injection-policy.ts";
import type { InjectorValues } from "./injector-values.ts";
import type { JsonPatchOperation } from "./json-patch.ts";
import { withOutboundProxy } from "./proxy-environment.ts";
import { sidecarContainer, sidecarVolumes, type InterceptionMode } from "./sidecar-container.ts";
import { canonicalService } from "./workload.ts";

/** What an injection depends on besides the pod. */
export interface InjectionSettings {
  /** The namespace of the request: a pod that is being created may not name it yet. */
  readonly namespace: string;
  readonly systemNamespace: string;
  readonly meshConfig: MeshConfig;
  readonly values: InjectorValues;
  readonly clusterId: string;
  readonly revision: string;
  /** The version of the mesh: what a sidecar calls itself. */
  readonly version: string;
}

/** The patch that gives a pod its sidecar; empty where it gets none, for instance because it has one. */
export function injectSidecar(pod: Pod, settings: InjectionSettings): readonly JsonPatchOperation[] {
  if (refusalToInject(pod, settings.namespace, settings.systemNamespace) !== undefined) return [];
  const injected = withSidecar(pod, settings);
  const { labels, annotations } = injected.metadata;
  const { containers, initContainers, volumes } = injected.spec;
  return [
    { op: "add", path: "/metadata/labels", value: labels },
    { op: "add", path: "/metadata/annotations", value: annotations },
    ...(initContainers ? [{ op: "add", path: "/spec/initContainers", value: initContainers } as const] : []),
    { op: "add", path: "/spec/containers", value: containers },
    { op: "add", path: "/spec/volumes", value: volumes },
  ];
}

function withSidecar(pod: Pod, settings: InjectionSettings): Pod {
  const { namespace, meshConfig, values, clusterId, version } = settings;
  const interceptionMode = interceptionModeOf(pod, meshConfig);
  const applications = applicationContainers(pod, settings, interceptionMode);
  const probers = Object.assign({}, ...applications.map(({ originals }) => originals)) as Record<
    string,
    never
  >;
  const sidecar = sidecarContainer({
    ...{ pod, namespace, meshConfig, values, interceptionMode, clusterId, version, probers },
  });
  const containers = applications.map(({ container }) => container);
  const initContainers = pod.spec.initContainers?.map((container) => withImage(container, values));
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: labelsOf(pod), annotations: annotationsOf(pod, settings) },
    spec: {
      ...pod.spec,
      ...(values.nativeSidecars
        ? { containers, initContainers: [sidecar, ...(initContainers ?? [])] }
        : { containers: [...containers, sidecar], ...(initContainers && { initContainers }) }),
      volumes: [...(pod.spec.volumes ?? []), ...sidecarVolumes()],
    },
  };
}

function interceptionModeOf({ metadata }: Pod, { defaultConfig }: MeshConfig): InterceptionMode {
  const asked = metadata.annotations?.["sidecar.istio.io/interceptionMode"];
  return asked === "NONE" || asked === "REDIRECT" || asked === "TPROXY"
    ? asked
    : defaultConfig.interceptionMode;
}

function applicationContainers(
  pod: Pod,
  { values, meshConfig }: InjectionSettings,
  interceptionMode: InterceptionMode,
): readonly ReturnType<typeof rewriteProbes>[] {
  const keepProbes = pod.metadata.annotations?.["sidecar.istio.io/rewriteAppHTTPProbers"] === "false";
  const onLocalhost = meshConfig.defaultConfig.proxyMetadata["APPLICATION_ADDRESS_OFFSET"] === undefined;
  return pod.spec.containers
    .map((container) => withImage(container, values))
    .map((container) => (interceptionMode === "NONE" ? withOutboundProxy(container, onLocalhost) : container))
    .map((container) => (keepProbes ? { container, originals: {} } : rewriteProbes(container)));
}

function withImage(container: Container, { imageOverrides }: InjectorValues): Container {
  const image = Object.hasOwn(imageOverrides, container.image ?? "")
    ? imageOverrides[container.image ?? ""]
    : undefined;
  return image === undefined ? container : { ...container, image };
}

function labelsOf(pod: Pod): Readonly<Record<string, string>> {
  const { name, revision } = canonicalService(pod);
  return {
    ...pod.metadata.labels,
    "service.istio.io/canonical-name": name,
    "service.istio.io/canonical-revision": revision,
  };
}

function annotationsOf(pod: Pod, { values, revision }: InjectionSettings): Readonly<Record<string, string>> {
  const own = pod.metadata.annotations ?? {};
  const main = pod.spec.containers[0]?.name ?? "";
  const status = {
    initContainers: values.nativeSidecars ? [PROXY_CONTAINER] : null,
    containers: values.nativeSidecars ? null : [PROXY_CONTAINER],
    volumes: sidecarVolumes().map(({ name }) => name),
    imagePullSecrets: null,
    revision,
  };
  return {
    "kubectl.kubernetes.io/default-container": main,
    "kubectl.kubernetes.io/default-logs-container": main,
    ...own,
    ...(own["prometheus.io/scrape"] !== "false" && {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(AGENT_PORT),
      "prometheus.io/path": "/stats/prometheus",
    }),
    "istio.io/rev": revision,
    [STATUS_ANNOTATION]: JSON.stringify(status),
  };
}
