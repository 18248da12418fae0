import type { ConfigMap } from "@bookmesh/kube-api";

/** What a cluster publishes of its pod network in ConfigMap `kube-public/pod-network`. */
export interface PodNetwork {
  readonly interceptionMode: "REDIRECT" | "NONE";
  /** `0.128.0.0`: how far the application's address lies from its pod's. */
  readonly applicationAddressOffset?: string;
}

/** Reads that ConfigMap; `undefined` where the cluster has none or says nothing. */
export function podNetworkOf(configMap: ConfigMap | undefined): PodNetwork | undefined {
  const mode = configMap?.data?.["interceptionMode"];
  if (mode !== "REDIRECT" && mode !== "NONE") return undefined;
  const applicationAddressOffset = configMap?.data?.["applicationAddressOffset"];
  return {
    interceptionMode: mode,
    ...(applicationAddressOffset !== undefined && { applicationAddressOffset }),
  };
}
