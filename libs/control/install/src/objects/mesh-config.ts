import type { ConfigMap } from "@bookmesh/kube-api";
import type { InstallValues } from "../values/install-values.ts";
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
  return [
    `accessLogFile: ${JSON.stringify(values.accessLogFile)}`,
    `defaultLoadBalancer: ${values.defaultLoadBalancer}`,
    "outboundTrafficPolicy:",
    `  mode: ${values.outboundTraffic}`,
    `rootNamespace: ${MESH_NAMESPACE}`,
    `trustDomain: ${JSON.stringify(values.trustDomain)}`,
    "defaultConfig:",
    `  discoveryAddress: istiod.${MESH_NAMESPACE}.svc:15012`,
    `  holdApplicationUntilProxyStarts: ${values.holdApplication}`,
    `  terminationDrainDuration: ${values.drainDuration}`,
    ...podNetworkLines(values),
    "",
  ].join("\n");
}

/** Where the cluster says nothing of its pod network, the defaults of the mesh configuration are right. */
function podNetworkLines({ podNetwork }: InstallValues): readonly string[] {
  if (!podNetwork) return [];
  const { interceptionMode, applicationAddressOffset: offset } = podNetwork;
  return [
    `  interceptionMode: ${interceptionMode}`,
    ...(offset === undefined
      ? []
      : ["  proxyMetadata:", `    APPLICATION_ADDRESS_OFFSET: ${JSON.stringify(offset)}`]),
  ];
}
