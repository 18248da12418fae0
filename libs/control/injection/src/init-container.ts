import type { Container } from "@bookmesh/kube-api";
import type { InjectorValues } from "./injector-values.ts";
import type { PodSettings } from "./pod-settings.ts";
import { redirectionArguments } from "./redirection.ts";

/** The name of the container that redirects the pod's connections. */
export const INIT_CONTAINER = "istio-init";

/** The container `istio-init`: it writes the pod's iptables rules, for which it alone has rights, and ends. */
export function initContainer({ redirection, resources }: PodSettings, values: InjectorValues): Container {
  return {
    name: INIT_CONTAINER,
    image: values.images.init,
    imagePullPolicy: values.imagePullPolicy,
    args: redirectionArguments(redirection),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}
