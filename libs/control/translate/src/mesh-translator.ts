import { TYPE_URLS } from "@bookmesh/xds-api";
import { withResources, type ProxyResources } from "./encoded-resource.ts";
import { encoders, type Encoders } from "./encoders.ts";
import { translateOwn } from "./inbound.ts";
import { meshIndex, type MeshIndex } from "./mesh-index.ts";
import type { MeshSnapshot } from "./mesh-snapshot.ts";
import { outboundView } from "./outbound-view.ts";
import { translateOutbound, type OutboundResources } from "./outbound.ts";
import type { ProxyView } from "./proxy-view.ts";

/** Translates snapshots of the mesh into what each proxy should have. */
export interface MeshTranslator {
  /**
   * What the proxy should have in this world. Equal worlds and views give equal answers; proxies of an equal
   * outbound view share its resources, which are made once for a snapshot.
   */
  translate(snapshot: MeshSnapshot, view: ProxyView): ProxyResources;
}

/** Translates for the proxies at the edge of the mesh. */
export interface RouterTranslator {
  translate(index: MeshIndex, view: ProxyView, encode: Encoders): ProxyResources;
  /** A new snapshot begins: what nobody has asked for since the last one but one may go. */
  sweep(): void;
}

/**
 * A translator that remembers the parts of earlier translations, so that a change costs what depends on it. Proxies of
 * the role `router` are the business of `routers`; where none is given they are translated as sidecars.
 */
export function meshTranslator(routers?: RouterTranslator): MeshTranslator {
  const encode = encoders();
  let current: World | undefined;
  return {
    translate(snapshot, view) {
      if (current?.index.snapshot !== snapshot) {
        for (const part of [...Object.values({ ...encode }), routers]) part?.sweep();
        current = { index: meshIndex(snapshot), outbound: new Map() };
      }
      const { index, outbound } = current;
      if (routers && view.role === "router") return routers.translate(index, view, encode);
      const key = JSON.stringify(outboundView(view, index));
      const shared = outbound.get(key) ?? translateOutbound(index, outboundView(view, index), encode);
      outbound.set(key, shared);
      const own = translateOwn(index, view, encode);
      return new Map([
        [TYPE_URLS.cluster, withResources(shared.clusters, own.clusters)],
        [TYPE_URLS.endpoint, shared.endpoints],
        [TYPE_URLS.listener, withResources(shared.listeners, own.listeners)],
        [TYPE_URLS.route, shared.routes],
      ]);
    },
  };
}

interface World {
  readonly index: MeshIndex;
  readonly outbound: Map<string, OutboundResources>;
}
