import type { Container, Pod, Probe } from "@bookmesh/kube-api";
import type { MeshConfig } from "@bookmesh/mesh-api";
import { rewriteProbes } from "./application-probes.ts";
import { initContainer } from "./init-container.ts";
import { injectedAnnotations, injectedLabels } from "./injected-metadata.ts";
import { injectGateway } from "./inject-gateway.ts";
import { asksForGateway, exclusionOf, type Exclusion } from "./injection-policy.ts";
import type { InjectorValues } from "./injector-values.ts";
import { readPodSettings, type PodSettings } from "./pod-settings.ts";
import { lameDuck } from "./lame-duck.ts";
import { withOutboundProxy } from "./proxy-environment.ts";
import { holdsApplication, sidecarContainer, type SidecarInputs } from "./sidecar-container.ts";
import { sidecarVolumes } from "./sidecar-volumes.ts";
import { unknownAnnotations } from "./unknown-annotations.ts";

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

/** What comes of a pod. */
export type Injection =
  | { readonly outcome: "injected"; readonly pod: Pod; readonly warnings: readonly string[] }
  | ({ readonly outcome: "skipped" } & Exclusion)
  /** The pod asks for what cannot be; `problem` is a sentence. */
  | { readonly outcome: "refused"; readonly problem: string };

/** Gives a pod its sidecar, unless it gets none, for instance because it has one. */
export function injectSidecar(pod: Pod, settings: InjectionSettings): Injection {
  const exclusion = exclusionOf(pod, settings);
  if (exclusion !== undefined) return { outcome: "skipped", ...exclusion };
  const own = readPodSettings(pod, settings.meshConfig, settings.values);
  if (!own.ok) return { outcome: "refused", problem: own.error };
  const warnings = unknownAnnotations(pod);
  const changed = asksForGateway(pod)
    ? injectGateway(pod, { ...inputsOf(pod, settings, own.value), probers: {} }, settings.revision)
    : withSidecar(pod, settings, own.value);
  return { outcome: "injected", pod: changed, warnings };
}

/** What the proxy's container depends on, but for the application's probes. */
function inputsOf(
  pod: Pod,
  { namespace, values, clusterId, version }: InjectionSettings,
  settings: PodSettings,
): Omit<SidecarInputs, "probers"> {
  return { pod, namespace, settings, clusterId, version, imagePullPolicy: values.imagePullPolicy };
}

function withSidecar(pod: Pod, injection: InjectionSettings, settings: PodSettings): Pod {
  const { values, revision } = injection;
  const images = (container: Container) => withImage(container, values);
  const applications = pod.spec.containers
    .map(images)
    .map((container) => lameDuck(container, pod, settings))
    .map((container) => applicationContainer(container, settings));
  const probers = Object.assign({}, ...applications.map(({ originals }) => originals)) as Record<
    string,
    Probe
  >;
  const sidecar = sidecarContainer({ ...inputsOf(pod, injection, settings), probers });
  const inits = settings.interceptionMode === "REDIRECT" ? [initContainer(settings, values)] : [];
  const parts = {
    sidecar,
    inits,
    own: (pod.spec.initContainers ?? []).map(images),
    applications: applications.map(({ container }) => container),
  };
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: injectedLabels(pod),
      annotations: injectedAnnotations(pod, settings, revision),
    },
    spec: {
      ...pod.spec,
      ...inOrder(parts, settings),
      volumes: [...(pod.spec.volumes ?? []), ...sidecarVolumes()],
    },
  };
}

interface Parts {
  readonly sidecar: Container;
  readonly inits: readonly Container[];
  /** The pod's own init containers. */
  readonly own: readonly Container[];
  readonly applications: readonly Container[];
}

/**
 * A native sidecar serves the pod's own init containers too. Before a classic one there is nobody to serve them, so
 * their connections are redirected only when they are over.
 */
function inOrder(
  { sidecar, inits, own, applications }: Parts,
  settings: PodSettings,
): { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] } {
  if (settings.isNative) return { initContainers: [...inits, sidecar, ...own], containers: applications };
  const initContainers = [...own, ...inits];
  const comesFirst = holdsApplication({ settings });
  return {
    ...(initContainers.length > 0 && { initContainers }),
    containers: comesFirst ? [sidecar, ...applications] : [...applications, sidecar],
  };
}

function applicationContainer(container: Container, settings: PodSettings): ReturnType<typeof rewriteProbes> {
  const { interceptionMode, meshConfig, rewritesProbes } = settings;
  const onLocalhost = meshConfig.defaultConfig.proxyMetadata["APPLICATION_ADDRESS_OFFSET"] === undefined;
  const called = interceptionMode === "NONE" ? withOutboundProxy(container, onLocalhost) : container;
  return rewritesProbes ? rewriteProbes(called) : { container: called, originals: {} };
}

/** An image that stands in for another is where the mesh's own images are, and pulled as they are. */
function withImage(container: Container, { imageOverrides, imagePullPolicy }: InjectorValues): Container {
  const image = Object.hasOwn(imageOverrides, container.image ?? "")
    ? imageOverrides[container.image ?? ""]
    : undefined;
  return image === undefined ? container : { ...container, image, imagePullPolicy };
}
