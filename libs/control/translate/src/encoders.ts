import {
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  type Cluster,
  type Listener,
} from "@bookmesh/xds-api";
import {
  translateClusterSettings,
  translateInboundCluster,
  translateRedirectedCluster,
  type ClusterSettings,
  type InboundClusterInputs,
  type RedirectedClusterInputs,
} from "./cluster.ts";
import { encodePart, encodeResource, type EncodedPart, type EncodedResource } from "./encoded-resource.ts";
import {
  translateHttpProxyListener,
  translateInboundListener,
  type HttpProxyListenerInputs,
  type InboundListenerInputs,
} from "./listener.ts";
import { memo, memoOfSame, type Memo } from "./memo.ts";
import {
  translateRedirectedHttp,
  translateRedirectedService,
  translateVirtualInbound,
  translateVirtualOutbound,
  type RedirectedHttpInputs,
  type RedirectedServiceInputs,
  type VirtualInboundInputs,
  type VirtualOutboundInputs,
} from "./redirected-listener.ts";
import { translateVirtualHost, type VirtualHostInputs } from "./route.ts";

/** One memo for each kind of part: from the record of what it depends on to its bytes. */
export interface Encoders {
  readonly clusterSettings: Memo<ClusterSettings, EncodedPart>;
  readonly inboundCluster: Memo<InboundClusterInputs, EncodedResource>;
  readonly redirectedCluster: Memo<RedirectedClusterInputs, EncodedResource>;
  readonly httpProxyListener: Memo<HttpProxyListenerInputs, EncodedResource>;
  readonly inboundListener: Memo<InboundListenerInputs, EncodedResource>;
  readonly virtualInboundListener: Memo<VirtualInboundInputs, EncodedResource>;
  readonly virtualOutboundListener: Memo<VirtualOutboundInputs, EncodedResource>;
  readonly redirectedHttpListener: Memo<RedirectedHttpInputs, EncodedResource>;
  readonly redirectedServiceListener: Memo<RedirectedServiceInputs, EncodedResource>;
  /** One record for all views that agree in a virtual host: most of them do in most. */
  readonly sameVirtualHost: Memo<VirtualHostInputs, VirtualHostInputs>;
  /** A virtual host is no resource, but a piece of a route configuration. */
  readonly virtualHost: Memo<VirtualHostInputs, EncodedPart>;
}

/** Encoders that remember nothing yet. */
export function encoders(): Encoders {
  return {
    clusterSettings: memo((inputs) => encodePart(ClusterSchema, translateClusterSettings(inputs))),
    inboundCluster: memo((inputs) => encodeCluster(translateInboundCluster(inputs))),
    redirectedCluster: memo((inputs) => encodeCluster(translateRedirectedCluster(inputs))),
    httpProxyListener: memo((inputs) => encodeListener(translateHttpProxyListener(inputs))),
    inboundListener: memo((inputs) => encodeListener(translateInboundListener(inputs))),
    virtualInboundListener: memo((inputs) => encodeListener(translateVirtualInbound(inputs))),
    virtualOutboundListener: memo((inputs) => encodeListener(translateVirtualOutbound(inputs))),
    redirectedHttpListener: memo((inputs) => encodeListener(translateRedirectedHttp(inputs))),
    redirectedServiceListener: memo((inputs) => encodeListener(translateRedirectedService(inputs))),
    sameVirtualHost: memo((inputs) => inputs),
    virtualHost: memoOfSame((inputs) => encodePart(RouteConfigurationSchema, translateVirtualHost(inputs))),
  };
}

/** Encodes a cluster. */
export function encodeCluster(message: Cluster): EncodedResource {
  return encodeResource(message.name, ClusterSchema, message);
}

/** Encodes a listener. */
export function encodeListener(message: Listener): EncodedResource {
  return encodeResource(message.name, ListenerSchema, message);
}
