import { typedResources } from "@bookmesh/translate";
import type { StreamResponse } from "../ads/ads-protocol.ts";
import type { ConnectedProxies } from "../ads/connected-proxies.ts";
import type { AdsRequest } from "../ads/subscription.ts";
import { syncResource } from "./sync-status.ts";

/** The type by which istioctl asks how far each proxy is. */
const SYNC_TYPE = "istio.io/debug/syncz";

/** Answers what istioctl asks over ADS; `undefined` for what is not served. */
export function toolAnswers(proxies: ConnectedProxies): (request: AdsRequest) => StreamResponse | undefined {
  return ({ typeUrl }) => {
    if (typeUrl !== SYNC_TYPE) return undefined;
    return { content: typedResources(typeUrl, proxies.list().map(syncResource)), nonce: "1" };
  };
}
