import type { KubeObject } from "@bookmesh/kube-api";
import { isFields, type Fields } from "./three-way-merge.ts";

/**
 * A webhook configuration as it is to be applied over `before`: where istiod has made a webhook strict, its
 * `failurePolicy` is istiod's own and left out, as its `caBundle` always is. Other objects stay as they are.
 */
export function keepWhatIstiodSet(wanted: KubeObject, before: KubeObject | undefined): KubeObject {
  const webhooks = webhooksOf(wanted);
  if (!before || !webhooks) return wanted;
  const known = new Map(webhooksOf(before)?.map((webhook) => [webhook["name"], webhook["failurePolicy"]]));
  return {
    ...wanted,
    webhooks: webhooks.map(({ failurePolicy, ...webhook }) => {
      const isOurs = (known.get(webhook["name"]) ?? failurePolicy) === failurePolicy;
      return isOurs ? { ...webhook, failurePolicy } : webhook;
    }),
  };
}

function webhooksOf(object: KubeObject): readonly Fields[] | undefined {
  const { webhooks } = object;
  return Array.isArray(webhooks) ? (webhooks as readonly unknown[]).filter(isFields) : undefined;
}
