import { toBinary } from "@bufbuild/protobuf";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  type Cluster,
  type Listener,
} from "@bookmesh/xds-api";
import {
  translateInboundCluster,
  translateOutboundCluster,
  translateRedirectedCluster,
  type InboundClusterInputs,
  type OutboundClusterInputs,
  type RedirectedClusterInputs,
} from "./cluster.ts";
import { encodeResource, type EncodedResource } from "./encoded-resource.ts";
import { translateEndpoints, type EndpointInputs } from "./endpoint.ts";
import {
  translateHttpProxyListener,
  translateInboundListener,
  type HttpProxyListenerInputs,
  type InboundListenerInputs,
} from "./listener.ts";
import { memo, type Memo } from "./memo.ts";
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
  readonly outboundCluster: Memo<OutboundClusterInputs, EncodedResource>;
  readonly inboundCluster: Memo<InboundClusterInputs, EncodedResource>;
  readonly redirectedCluster: Memo<RedirectedClusterInputs, EncodedResource>;
  readonly endpoints: Memo<EndpointInputs, EncodedResource>;
  readonly httpProxyListener: Memo<HttpProxyListenerInputs, EncodedResource>;
  readonly inboundListener: Memo<InboundListenerInputs, EncodedResource>;
  readonly virtualInboundListener: Memo<VirtualInboundInputs, EncodedResource>;
  readonly virtualOutboundListener: Memo<VirtualOutboundInputs, EncodedResource>;
  readonly redirectedHttpListener: Memo<RedirectedHttpInputs, EncodedResource>;
  readonly redirectedServiceListener: Memo<RedirectedServiceInputs, EncodedResource>;
  /** A virtual host is no resource: these are the bytes of a route configuration that has nothing else. */
  readonly virtualHost: Memo<VirtualHostInputs, Uint8Array>;
}

/** Encoders that remember nothing yet. */
export function encoders(): Encoders {
  return {
    outboundCluster: memo((inputs) => encodeCluster(translateOutboundCluster(inputs))),
    inboundCluster: memo((inputs) => encodeCluster(translateInboundCluster(inputs))),
    redirectedCluster: memo((inputs) => encodeCluster(translateRedirectedCluster(inputs))),
    endpoints: memo((inputs) =>
      encodeResource(inputs.cluster, ClusterLoadAssignmentSchema, translateEndpoints(inputs)),
    ),
    httpProxyListener: memo((inputs) => encodeListener(translateHttpProxyListener(inputs))),
    inboundListener: memo((inputs) => encodeListener(translateInboundListener(inputs))),
    virtualInboundListener: memo((inputs) => encodeListener(translateVirtualInbound(inputs))),
    virtualOutboundListener: memo((inputs) => encodeListener(translateVirtualOutbound(inputs))),
    redirectedHttpListener: memo((inputs) => encodeListener(translateRedirectedHttp(inputs))),
    redirectedServiceListener: memo((inputs) => encodeListener(translateRedirectedService(inputs))),
    virtualHost: memo((inputs) => toBinary(RouteConfigurationSchema, translateVirtualHost(inputs))),
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
