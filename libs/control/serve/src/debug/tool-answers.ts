import type { DiscoveryRequest } from "@bookmesh/xds-api";
import type { TypedResources } from "@bookmesh/translate";
import type { ResponseEncoder } from "../ads/ads-protocol.ts";
import type { ConnectedProxies } from "../ads/connected-proxies.ts";
import { syncResource } from "./sync-status.ts";

/** The type by which istioctl asks how far each proxy is. */
const SYNC_TYPE = "istio.io/debug/syncz";

/** Answers what istioctl asks over ADS; `undefined` for what is not served. */
export function toolAnswers(
  proxies: ConnectedProxies,
  encode: ResponseEncoder,
): (request: DiscoveryRequest) => Buffer | undefined {
  return ({ typeUrl }) => {
    if (typeUrl !== SYNC_TYPE) return undefined;
    const resources = proxies.list().map(syncResource);
    const content: TypedResources = {
      typeUrl,
      version: "1",
      resources: new Map(resources.map((resource) => [resource.name, resource])),
    };
    return encode(content, "1");
  };
}
