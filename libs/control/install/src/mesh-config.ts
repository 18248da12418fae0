import type { ConfigMap } from "@bookmesh/kube-api";
import type { InstallValues } from "./install-values.ts";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** ConfigMap `istio`: its key `mesh` is the mesh configuration (YAML). */
export function meshConfigMap(values: InstallValues): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio", namespace: MESH_NAMESPACE, labels: MESH_LABELS },
    data: { mesh: meshYaml(values) },
  };
}

function meshYaml(values: InstallValues): string {
  const { defaultLoadBalancer, trustDomain, accessLogFile, podNetwork } = values;
  const offset = podNetwork?.applicationAddressOffset;
  return [
    `accessLogFile: ${JSON.stringify(accessLogFile)}`,
    `defaultLoadBalancer: ${defaultLoadBalancer}`,
    `rootNamespace: ${MESH_NAMESPACE}`,
    `trustDomain: ${JSON.stringify(trustDomain)}`,
    "defaultConfig:",
    `  discoveryAddress: istiod.${MESH_NAMESPACE}.svc:15012`,
    ...(podNetwork ? [`  interceptionMode: ${podNetwork.interceptionMode}`] : []),
    ...(offset === undefined
      ? []
      : ["  proxyMetadata:", `    APPLICATION_ADDRESS_OFFSET: ${JSON.stringify(offset)}`]),
    "",
  ].join("\n");
}
