import { TYPE_URLS } from "@bookmesh/xds-api";
import { fixedClusters } from "./cluster.ts";
import { typedResources, type EncodedResource, type TypedResources } from "./encoded-resource.ts";
import { encodeCluster, type Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { isServiceVisible } from "./mesh-service.ts";
import { allowsUnknownHosts } from "./mesh-snapshot.ts";
import { HTTP_PROXY } from "./names.ts";
import { outboundClusters } from "./outbound-clusters.ts";
import type { OutboundView } from "./outbound-view.ts";
import { redirectedListeners } from "./outbound-listeners.ts";
import { joinRouteConfiguration } from "./route-configuration.ts";
import { translateRouteFrame, type VirtualHostInputs } from "./route.ts";
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
  const { clusters, endpoints } = outboundClusters(index, view, { visible, encode });
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

function routeConfiguration(
  { snapshot }: MeshIndex,
  hosts: readonly VirtualHostInputs[],
  { port, encode }: { readonly port: CalledPort; readonly encode: Encoders },
): EncodedResource {
  const name = port === "any" ? HTTP_PROXY : `${port}`;
  return joinRouteConfiguration(
    translateRouteFrame(name, {
      allowsUnknownHosts: allowsUnknownHosts(snapshot),
      ignoresPort: port !== "any",
    }),
    hosts,
    encode,
  );
}
