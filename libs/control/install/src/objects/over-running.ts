import type { KubeObject } from "@bookmesh/kube-api";
import { VALIDATOR_WEBHOOK } from "./webhooks.ts";

/**
 * An object as it is applied over that of a mesh that runs: istiod has made its validator strict by then, so that its
 * `failurePolicy` is istiod's own and left out, as its `caBundle` always is.
 */
export function overRunning(object: KubeObject): KubeObject {
  const { webhooks } = object;
  if (object.metadata.name !== VALIDATOR_WEBHOOK || !Array.isArray(webhooks)) return object;
  return { ...object, webhooks: (webhooks as readonly object[]).map(withoutPolicy) };
}

function withoutPolicy(webhook: object): object {
  return Object.fromEntries(Object.entries(webhook).filter(([field]) => field !== "failurePolicy"));
}
