import type { KubeObject } from "./object.ts";

/** One address of an EndpointSlice. */
export interface Endpoint {
  readonly addresses: readonly string[];
  /** The first label of the pod's own name below its Service's. */
  readonly hostname?: string;
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly targetRef?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly nodeName?: string;
  readonly zone?: string;
}

/** `discovery.k8s.io/v1.EndpointSlice`; its Service is named by the label `kubernetes.io/service-name`. */
export interface EndpointSlice extends KubeObject {
  readonly kind: "EndpointSlice";
  readonly addressType: "IPv4" | "IPv6" | "FQDN";
  readonly endpoints: readonly Endpoint[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly port?: number;
    readonly protocol?: string;
    readonly appProtocol?: string;
  }[];
}

/** One address of an Endpoints object. */
export interface EndpointAddress extends Pick<Endpoint, "hostname" | "nodeName" | "targetRef"> {
  readonly ip: string;
}

/** `v1.Endpoints`: what older clients read in the place of EndpointSlices; it has its Service's name. */
export interface Endpoints extends KubeObject {
  readonly kind: "Endpoints";
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: EndpointSlice["ports"];
  }[];
}
