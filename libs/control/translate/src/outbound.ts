import { toBinary } from "@bufbuild/protobuf";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  RouteConfigurationSchema,
  TYPE_URLS,
} from "@bookmesh/xds-api";
import { clusterPolicy } from "./cluster-policy.ts";
import { fixedClusters, translateOutboundCluster, type OutboundClusterInputs } from "./cluster.ts";
import {
  encodeBytes,
  encodeResource,
  typedResources,
  type EncodedResource,
  type TypedResources,
} from "./encoded-resource.ts";
import { translateEndpoints, type EndpointAddress, type EndpointInputs } from "./endpoint.ts";
import type { InputsCache } from "./inputs-cache.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { isServiceVisible, type MeshService } from "./mesh-service.ts";
import { HTTP_PROXY, outboundCluster } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import { translateHttpProxyFrame, translateVirtualHost } from "./route.ts";
import { hasLabels, type LabelledEndpoint } from "./service-endpoints.ts";
import { virtualHosts } from "./virtual-hosts.ts";

/** The part of a proxy's configuration that it shares with all proxies of an equal outbound view. */
export interface OutboundResources {
  readonly clusters: TypedResources;
  readonly endpoints: TypedResources;
  readonly routes: TypedResources;
}

/** Translates what callers of one view need. Equal parts of earlier translations are taken from the cache. */
export function translateOutbound(
  index: MeshIndex,
  view: OutboundView,
  cache: InputsCache,
): OutboundResources {
  const visible = index.services.filter((service) => isServiceVisible(service, view.namespace));
  const parts = visible.flatMap((service) => clusterInputs(service, index, view));
  const clusters = parts.map(({ cluster }) => cache.remember("cluster", cluster, encodeCluster));
  const endpoints = parts.map(({ cluster: { service, port, subset }, endpoints: addresses }) => {
    const inputs = { cluster: outboundCluster({ host: service.host, port, subset }), endpoints: addresses };
    return cache.remember("endpoint", inputs, encodeEndpoints);
  });
  const fixed = fixedClusters().map((message) => encodeResource(message.name, ClusterSchema, message));
  return {
    clusters: typedResources(TYPE_URLS.cluster, [...clusters, ...fixed]),
    endpoints: typedResources(TYPE_URLS.endpoint, endpoints),
    routes: typedResources(TYPE_URLS.route, [httpProxyRoutes(index, view, { visible, cache })]),
  };
}

function encodeCluster(inputs: OutboundClusterInputs): EncodedResource {
  const message = translateOutboundCluster(inputs);
  return encodeResource(message.name, ClusterSchema, message);
}

function encodeEndpoints(inputs: EndpointInputs): EncodedResource {
  return encodeResource(inputs.cluster, ClusterLoadAssignmentSchema, translateEndpoints(inputs));
}

interface ClusterParts {
  readonly cluster: OutboundClusterInputs;
  readonly endpoints: readonly EndpointAddress[];
}

/** For each port of a service: the cluster of all its endpoints, and one for each subset. */
function clusterInputs(service: MeshService, index: MeshIndex, view: OutboundView): readonly ClusterParts[] {
  const { rule, trafficPolicy, subsets } = index.policies.policyFor(service, view.namespace);
  const { host, name, namespace } = service;
  const base = { rule, balancing: index.snapshot.meshConfig.defaultLoadBalancer };
  return service.ports.flatMap((port) => {
    const endpoints = index.endpoints.endpointsOf(service, port);
    const common = { service: { host, name, namespace }, port: port.number, protocol: port.protocol };
    return [
      {
        cluster: { ...common, policy: clusterPolicy([trafficPolicy], port.number, base) },
        endpoints: endpoints.map(addressOf),
      },
      ...subsets.map((subset) => ({
        cluster: {
          ...common,
          subset: subset.name,
          policy: clusterPolicy([trafficPolicy, subset.trafficPolicy], port.number, base),
        },
        endpoints: endpoints.filter(hasLabels(subset.labels ?? {})).map(addressOf),
      })),
    ];
  });
}

function addressOf({ address, port, isDraining }: LabelledEndpoint): EndpointAddress {
  return { address, port, isDraining };
}

/** The route configuration `http_proxy`, joined from the bytes of its parts: fields that repeat add up. */
function httpProxyRoutes(
  index: MeshIndex,
  view: OutboundView,
  { visible, cache }: { readonly visible: readonly MeshService[]; readonly cache: InputsCache },
): EncodedResource {
  const allowsUnknownHosts = index.snapshot.meshConfig.outboundTrafficPolicy.mode === "ALLOW_ANY";
  const hosts = virtualHosts(index, view, visible).map((inputs) =>
    cache.remember("virtual host", inputs, (parts) =>
      toBinary(RouteConfigurationSchema, translateVirtualHost(parts)),
    ),
  );
  const frame = toBinary(RouteConfigurationSchema, translateHttpProxyFrame(allowsUnknownHosts));
  return encodeBytes(HTTP_PROXY, RouteConfigurationSchema, joinBytes([...hosts, frame]));
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
