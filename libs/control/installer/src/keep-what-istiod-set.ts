import type { KubeObject } from "@bookmesh/kube-api";
import { isFields, type Fields } from "./three-way-merge.ts";

/**
 * A webhook configuration as it is to be applied over `before`: istiod's `caBundle` and `failurePolicy` stay, so
 * that a second installation does not make the webhooks unreachable for a moment. Other objects stay as they are.
 */
export function keepWhatIstiodSet(wanted: KubeObject, before: KubeObject | undefined): KubeObject {
  const webhooks = webhooksOf(wanted);
  if (!before || !webhooks) return wanted;
  const known = new Map(webhooksOf(before)?.map((webhook) => [webhook["name"], webhook]));
  return { ...wanted, webhooks: webhooks.map((webhook) => keep(webhook, known.get(webhook["name"]))) };
}

function keep(webhook: Fields, before: Fields | undefined): Fields {
  if (!before) return webhook;
  const caBundle = isFields(before["clientConfig"]) ? before["clientConfig"]["caBundle"] : undefined;
  const clientConfig = isFields(webhook["clientConfig"]) ? webhook["clientConfig"] : {};
  const { failurePolicy } = before;
  return {
    ...webhook,
    clientConfig: { ...clientConfig, ...(caBundle !== undefined && { caBundle }) },
    ...(failurePolicy !== undefined && { failurePolicy }),
  };
}

function webhooksOf(object: KubeObject): readonly Fields[] | undefined {
  const { webhooks } = object;
  return Array.isArray(webhooks) ? (webhooks as readonly unknown[]).filter(isFields) : undefined;
}
