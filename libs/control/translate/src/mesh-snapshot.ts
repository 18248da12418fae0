import type { EndpointSlice, Namespace, Pod, Service } from "@bookmesh/kube-api";
import type { DestinationRule, Gateway, MeshConfig, VirtualService } from "@bookmesh/mesh-api";

/** What a Secret holds for a gateway: a certificate and its key in PEM, or why it is of no use. */
export type Credential = { readonly namespace: string; readonly name: string } & (
  { readonly certificateChain: string; readonly privateKey: string } | { readonly problem: string }
);

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
  /** Of the Secrets that Gateways name, in the namespaces of the gateways that they select. */
  readonly credentials: readonly Credential[];
  readonly meshConfig: MeshConfig;
}

/** Says whether calls of hosts that nobody knows pass through. */
export function allowsUnknownHosts({ meshConfig }: MeshSnapshot): boolean {
  return meshConfig.outboundTrafficPolicy.mode === "ALLOW_ANY";
}
