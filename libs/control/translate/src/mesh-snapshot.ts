import type { EndpointSlice, Namespace, Pod, Secret, Service } from "@bookmesh/kube-api";
import type { DestinationRule, Gateway, MeshConfig, VirtualService } from "@bookmesh/mesh-api";

/**
 * Everything the control plane knows at one moment. It is replaced as a whole, and an object that did not change is
 * the same object in the next snapshot.
 */
export interface MeshSnapshot {
  readonly namespaces: readonly Namespace[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly pods: readonly Pod[];
  readonly virtualServices: readonly VirtualService[];
  readonly destinationRules: readonly DestinationRule[];
  readonly gateways: readonly Gateway[];
  /** Those that Gateways name, in the namespaces of the gateways that they select. */
  readonly secrets: readonly Secret[];
  readonly meshConfig: MeshConfig;
}

/** Says whether calls of hosts that nobody knows pass through. */
export function allowsUnknownHosts({ meshConfig }: MeshSnapshot): boolean {
  return meshConfig.outboundTrafficPolicy.mode === "ALLOW_ANY";
}
