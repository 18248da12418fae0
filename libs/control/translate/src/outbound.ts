import { toBinary } from "@bufbuild/protobuf";
import type { Subset } from "@bookmesh/mesh-api";
import { RouteConfigurationSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { clusterPolicy } from "./cluster-policy.ts";
import { fixedClusters, type OutboundClusterInputs } from "./cluster.ts";
import {
  encodeBytes,
  typedResources,
  type EncodedResource,
  type TypedResources,
} from "./encoded-resource.ts";
import type { EndpointAddress, EndpointInputs } from "./endpoint.ts";
import { encodeCluster, type Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { isServiceVisible, type MeshService } from "./mesh-service.ts";
import { allowsUnknownHosts } from "./mesh-snapshot.ts";
import { HTTP_PROXY, outboundCluster } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import { redirectedListeners } from "./outbound-listeners.ts";
import { translateRouteFrame, type VirtualHostInputs } from "./route.ts";
import { hasLabels, type LabelledEndpoint } from "./service-endpoints.ts";
import { calledPorts, virtualHosts, type CalledPort } from "./virtual-hosts.ts";

/** The part of a proxy's configuration that it shares with all proxies of an equal outbound view. */
export interface OutboundResources {
  readonly clusters: TypedResources;
  readonly endpoints: TypedResources;
  readonly routes: TypedResources;
  /** Those that redirected calls need; others have listeners of their own alone. */
  readonly listeners: TypedResources;
}

/** Translates what callers of one view need. Equal parts of earlier translations are not made again. */
export function translateOutbound(index: MeshIndex, view: OutboundView, encode: Encoders): OutboundResources {
  const visible = index.services.filter((service) => isServiceVisible(service, view.namespace));
  const parts = visible.flatMap((service) => clusterParts(service, index, view));
  const clusters = parts.map(({ cluster }) => encode.outboundCluster.of(cluster));
  const endpoints = parts.map(({ endpoints: inputs }) => encode.endpoints.of(inputs));
  const isRedirected = view.wildcards.length > 0;
  const ports = isRedirected ? calledPorts(index, view, visible) : [];
  const called: readonly CalledPort[] = isRedirected ? ports : ["any"];
  const routes = called.map((port) =>
    routeConfiguration(index, virtualHosts(index, view, { visible, called: port }), { port, encode }),
  );
  const listeners = isRedirected ? redirectedListeners(index, view, { visible, ports, encode }) : [];
  return {
    clusters: typedResources(TYPE_URLS.cluster, [...clusters, ...fixedClusters().map(encodeCluster)]),
    endpoints: typedResources(TYPE_URLS.endpoint, endpoints),
    routes: typedResources(TYPE_URLS.route, routes),
    listeners: typedResources(TYPE_URLS.listener, listeners),
  };
}

interface ClusterParts {
  readonly cluster: OutboundClusterInputs;
  readonly endpoints: EndpointInputs;
}

/** For each port of a service: the cluster of all its endpoints, and one for each subset. */
function clusterParts(service: MeshService, index: MeshIndex, view: OutboundView): readonly ClusterParts[] {
  const { rule, trafficPolicy, subsets } = index.policies.policyFor(service, view.namespace);
  const { host, name, namespace } = service;
  const base = { rule, balancing: index.snapshot.meshConfig.defaultLoadBalancer };
  return service.ports.flatMap((port) => {
    const all = index.endpoints.endpointsOf(service, port);
    const partsOf = (subset?: Subset): ClusterParts => ({
      cluster: {
        service: { host, name, namespace },
        port: port.number,
        protocol: port.protocol,
        subset: subset?.name,
        policy: clusterPolicy([trafficPolicy, subset?.trafficPolicy], port.number, base),
      },
      endpoints: {
        cluster: outboundCluster({ host, port: port.number, subset: subset?.name }),
        endpoints: all.filter(hasLabels(subset?.labels ?? {})).map(addressOf),
      },
    });
    return [partsOf(), ...subsets.map(partsOf)];
  });
}

function addressOf({ address, port, isDraining }: LabelledEndpoint): EndpointAddress {
  return { address, port, isDraining };
}

/** A route configuration, joined from the bytes of its parts: fields that repeat add up. */
function routeConfiguration(
  { snapshot }: MeshIndex,
  hosts: readonly VirtualHostInputs[],
  { port, encode }: { readonly port: CalledPort; readonly encode: Encoders },
): EncodedResource {
  const name = port === "any" ? HTTP_PROXY : `${port}`;
  const frame = toBinary(RouteConfigurationSchema, translateRouteFrame(name, allowsUnknownHosts(snapshot)));
  const parts = hosts.map((inputs) => encode.virtualHost.of(inputs));
  return encodeBytes(name, RouteConfigurationSchema, joinBytes([...parts, frame]));
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
