import { byIdentity, lastCall } from "@bookmesh/kernel";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { withResources, type ProxyResources } from "./encoded-resource.ts";
import { encoders, type Encoders } from "./encoders.ts";
import { ownTranslator } from "./inbound.ts";
import { meshIndex, type MeshIndex } from "./mesh-index.ts";
import type { MeshSnapshot } from "./mesh-snapshot.ts";
import { clusterTranslator, type ClusterTranslator } from "./outbound-clusters.ts";
import { outboundView } from "./outbound-view.ts";
import { outboundTranslator, type OutboundResources } from "./outbound.ts";
import type { ProxyView } from "./proxy-view.ts";

/** Translates snapshots of the mesh into what each proxy should have. */
export interface MeshTranslator {
  /**
   * What the proxy should have in this world. Equal worlds and views give equal answers; proxies of an equal
   * outbound view share its resources, which are made once for a snapshot. Of the very same view, what did not change
   * is the very same set.
   */
  translate(snapshot: MeshSnapshot, view: ProxyView): ProxyResources;
}

/** What the translators of all proxies share, so that none makes what another has made. */
export interface SharedParts {
  readonly encode: Encoders;
  readonly clusters: ClusterTranslator;
}

/** Translates for the proxies at the edge of the mesh. */
export interface RouterTranslator {
  translate(index: MeshIndex, view: ProxyView, parts: SharedParts): ProxyResources;
  /** A new snapshot begins: what nobody has asked for since the last one but one may go. */
  sweep(): void;
}

/**
 * A translator that remembers the parts of earlier translations, so that a change costs what depends on it. Proxies of
 * the role `router` are the business of `routers`; where none is given they are translated as sidecars.
 */
export function meshTranslator(routers?: RouterTranslator): MeshTranslator {
  const encode = encoders();
  const clusters = clusterTranslator(encode);
  const outbound = outboundTranslator(encode, clusters);
  const sidecar = byIdentity((view: ProxyView) => sidecarTranslator(view, encode));
  let index: MeshIndex | undefined;
  return {
    translate(snapshot, view) {
      if (index?.snapshot !== snapshot) {
        for (const part of [...Object.values({ ...encode }), routers]) part?.sweep();
        index = meshIndex(snapshot);
      }
      if (routers && view.role === "router") return routers.translate(index, view, { encode, clusters });
      return sidecar(view)(index, outbound(index, outboundView(view, index)));
    },
  };
}

/** Puts a sidecar's own resources on top of those that it shares; what did not change is the very same set. */
function sidecarTranslator(
  view: ProxyView,
  encode: Encoders,
): (index: MeshIndex, shared: OutboundResources) => ProxyResources {
  const translate = ownTranslator(view, encode);
  const [clusters, listeners] = [lastCall(withResources), lastCall(withResources)];
  return (index, shared) => {
    const own = translate(index);
    return new Map([
      [TYPE_URLS.cluster, clusters(shared.clusters, own.clusters)],
      [TYPE_URLS.endpoint, shared.endpoints],
      [TYPE_URLS.listener, listeners(shared.listeners, own.listeners)],
      [TYPE_URLS.route, shared.routes],
    ]);
  };
}
