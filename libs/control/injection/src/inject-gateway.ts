import type { Container, Pod } from "@bookmesh/kube-api";
import { PROXY_CONTAINER } from "./injection-policy.ts";
import { injectedAnnotations, injectedLabels } from "./injected-metadata.ts";
import type { PodSettings } from "./pod-settings.ts";
import { sidecarContainer, type SidecarInputs } from "./sidecar-container.ts";
import { sidecarVolumes } from "./sidecar-volumes.ts";

/** What an author writes for "the mesh's own image". */
const AUTO = "auto";

/**
 * Makes a pod that asks to be a gateway one: its container `istio-proxy` becomes the proxy, as far as the author left
 * it open. Nothing is redirected, and the pod's other containers stay as they are.
 */
export function injectGateway(pod: Pod, inputs: SidecarInputs, revision: string): Pod {
  const settings = withoutApplication(inputs.settings);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: injectedLabels(pod),
      annotations: injectedAnnotations(pod, { ...settings, interceptionMode: "NONE" }, revision),
    },
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map((container) =>
        container.name === PROXY_CONTAINER ? gatewayContainer(container, { ...inputs, settings }) : container,
      ),
      volumes: [...(pod.spec.volumes ?? []), ...sidecarVolumes({ keepsKeys: true })],
    },
  };
}

/** Nobody waits for the proxy, and nobody has to be outlived by it. */
function withoutApplication({ meshConfig, ...settings }: PodSettings): PodSettings {
  const defaultConfig = { ...meshConfig.defaultConfig, holdApplicationUntilProxyStarts: false };
  return { ...settings, isNative: false, meshConfig: { ...meshConfig, defaultConfig } };
}

/**
 * What the author says goes before what the mesh would. A policy to pull `auto`, and resources that are none, no author
 * has said: the API server fills them in.
 */
function gatewayContainer(own: Container, inputs: SidecarInputs): Container {
  const proxy = sidecarContainer(inputs);
  const { image = AUTO, imagePullPolicy, resources = {}, ...said } = own;
  const { env = [], volumeMounts = [], ports = [], ...rest } = said;
  const named = new Set(env.map(({ name }) => name));
  return {
    ...proxy,
    args: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    ...rest,
    ...(image !== AUTO && { image, ...(imagePullPolicy !== undefined && { imagePullPolicy }) }),
    ...(Object.keys(resources).length > 0 && { resources }),
    env: [...(proxy.env ?? []).filter(({ name }) => !named.has(name)), ...env],
    ports: [...(proxy.ports ?? []), ...ports],
    volumeMounts: [...(proxy.volumeMounts ?? []), ...volumeMounts],
  };
}
