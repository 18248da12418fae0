import type { ConfigMap } from "@bookmesh/kube-api";
import type { InstallValues } from "../values/install-values.ts";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** Where the article's images were. They are there no longer: ours of the same names and versions run instead. */
const ARTICLE_HUB = "quay.io/lordofthejars";
const ARTICLE_IMAGES = ["book-service:v1.0.0", "rating-service:v1.0.0", "rating-service:v2.0.0"];

/** What the injector puts into pods: the JSON under the key `values` of ConfigMap `istio-sidecar-injector`. */
export interface InjectorValues {
  readonly images: {
    /** The image of the container `istio-proxy`. */
    readonly proxy: string;
    /** The image of the init container that redirects the pod's traffic. */
    readonly init: string;
  };
  readonly imagePullPolicy: InstallValues["imagePullPolicy"];
  /** What a sidecar is given, and what it may take. */
  readonly resources: {
    readonly limits: { readonly cpu: string; readonly memory: string };
    readonly requests: { readonly cpu: string; readonly memory: string };
  };
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
    imagePullPolicy: values.imagePullPolicy,
    resources: {
      limits: { cpu: values.proxyCpuLimit, memory: values.proxyMemoryLimit },
      requests: { cpu: values.proxyCpu, memory: values.proxyMemory },
    },
    imageOverrides: values.articleImages ? articleImages(values.hub) : {},
    nativeSidecars: values.nativeSidecars,
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio-sidecar-injector", namespace: MESH_NAMESPACE, labels: MESH_LABELS },
    data: { values: `${JSON.stringify(injector, undefined, 2)}\n` },
  };
}

function articleImages(hub: string): Readonly<Record<string, string>> {
  return Object.fromEntries(ARTICLE_IMAGES.map((image) => [`${ARTICLE_HUB}/${image}`, `${hub}/${image}`]));
}
