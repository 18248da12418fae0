import type { ConfigMap } from "@bookmesh/kube-api";
import type { InstallValues } from "./install-values.ts";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** What the injector puts into pods: the JSON under the key `values` of ConfigMap `istio-sidecar-injector`. */
export interface InjectorValues {
  readonly images: {
    /** The image of the container `istio-proxy`. */
    readonly proxy: string;
    /** The image of the init container that redirects the pod's traffic. */
    readonly init: string;
  };
  readonly imagePullPolicy: "IfNotPresent" | "Always";
  /** Full image name → the image that runs instead, for every container of an injected pod. */
  readonly imageOverrides: Readonly<Record<string, string>>;
  /** As an init container that stays, rather than beside the application's containers. */
  readonly nativeSidecars: boolean;
}

/** ConfigMap `istio-sidecar-injector`. */
export function injectorConfigMap(values: InstallValues): ConfigMap {
  const injector: InjectorValues = {
    images: {
      proxy: `${values.hub}/sidecar-proxy:${values.tag}`,
      init: `${values.hub}/istio-init:${values.tag}`,
    },
    imagePullPolicy: "IfNotPresent",
    imageOverrides: values.imageOverrides,
    nativeSidecars: values.nativeSidecars,
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio-sidecar-injector", namespace: MESH_NAMESPACE, labels: MESH_LABELS },
    data: { values: `${JSON.stringify(injector, undefined, 2)}\n` },
  };
}
