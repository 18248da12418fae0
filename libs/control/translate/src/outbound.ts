import { byIdentity, lastCall } from "@bookmesh/kernel";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { fixedClusters } from "./cluster.ts";
import { typedResources, type EncodedResource, type TypedResources } from "./encoded-resource.ts";
import { encodeCluster, type Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { allowsUnknownHosts } from "./mesh-snapshot.ts";
import { HTTP_PROXY } from "./names.ts";
import type { ClusterTranslator } from "./outbound-clusters.ts";
import type { OutboundView } from "./outbound-view.ts";
import { redirectedListeners } from "./outbound-listeners.ts";
import { joinRouteConfiguration } from "./route-configuration.ts";
import { translateRouteFrame } from "./route.ts";
import { virtualHosts, type CalledPort, type VirtualHosts } from "./virtual-hosts.ts";

/** The part of a proxy's configuration that it shares with all proxies of an equal outbound view. */
export interface OutboundResources {
  readonly clusters: TypedResources;
  readonly endpoints: TypedResources;
  readonly routes: TypedResources;
  /** Those that redirected calls need; others have listeners of their own alone. */
  readonly listeners: TypedResources;
}

/** Translates what callers of one view need; what did not change since the snapshot before is the very same object. */
export type OutboundTranslator = (index: MeshIndex, view: OutboundView) => OutboundResources;

/** A translator for all views. It forgets a view that nobody had in the snapshot before. */
export function outboundTranslator(encode: Encoders, clusters: ClusterTranslator): OutboundTranslator {
  const fixed = fixedClusters().map(encodeCluster);
  const shared = {
    encode,
    clusters,
    clusterSet: byIdentity((list: readonly EncodedResource[]) =>
      typedResources(TYPE_URLS.cluster, [...list, ...fixed]),
    ),
    endpointSet: byIdentity((list: readonly EncodedResource[]) => typedResources(TYPE_URLS.endpoint, list)),
  };
  let current: MeshIndex | undefined;
  let known = new Map<string, ViewTranslator>();
  let before = known;
  return (index, view) => {
    if (index !== current) {
      current = index;
      before = known;
      known = new Map();
    }
    const key = JSON.stringify(view);
    const translate = known.get(key) ?? before.get(key) ?? viewTranslator(view, shared);
    known.set(key, translate);
    return translate(index);
  };
}

type ViewTranslator = (index: MeshIndex) => OutboundResources;

/** What the translators of all views have in common. */
interface Shared {
  readonly encode: Encoders;
  readonly clusters: ClusterTranslator;
  readonly clusterSet: (list: readonly EncodedResource[]) => TypedResources;
  readonly endpointSet: (list: readonly EncodedResource[]) => TypedResources;
}

function viewTranslator(
  view: OutboundView,
  { encode, clusters, clusterSet, endpointSet }: Shared,
): ViewTranslator {
  const hostsOf = virtualHosts(view, encode);
  const routes = lastCall((hosts: VirtualHosts, allowsUnknown: boolean) =>
    typedResources(
      TYPE_URLS.route,
      hosts.ports.map((port) => routeConfiguration(hosts, { port, allowsUnknown, encode })),
    ),
  );
  const listeners = lastCall((list: readonly EncodedResource[]) => typedResources(TYPE_URLS.listener, list));
  const isRedirected = view.wildcards.length > 0;
  const listenersOf = redirectedListeners(view, encode);
  return lastCall((index) => {
    const called = clusters(index, view.namespace);
    const hosts = hostsOf(index, called.services);
    return {
      clusters: clusterSet(called.clusters),
      endpoints: endpointSet(called.endpoints),
      routes: routes(hosts, allowsUnknownHosts(index.snapshot)),
      listeners: listeners(isRedirected ? listenersOf(index, called.services, hosts.ports) : NONE),
    };
  });
}

const NONE: readonly EncodedResource[] = [];

function routeConfiguration(
  hosts: VirtualHosts,
  {
    port,
    allowsUnknown,
    encode,
  }: { readonly port: CalledPort; readonly allowsUnknown: boolean; readonly encode: Encoders },
): EncodedResource {
  const name = port === "any" ? HTTP_PROXY : `${port}`;
  const frame = translateRouteFrame(name, { allowsUnknownHosts: allowsUnknown, ignoresPort: port !== "any" });
  return joinRouteConfiguration(frame, hosts.of(port), encode);
}
