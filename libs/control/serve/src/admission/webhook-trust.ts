import type { JsonPatchOperation } from "@bookmesh/injection";
import type { Webhook, WebhookConfiguration } from "@bookmesh/kube-api";

/** What our webhooks should look like. */
export interface WebhookAims {
  /** The Service that our webhooks name. */
  readonly service: { readonly namespace: string; readonly name: string };
  /** PEM, base64: what `caBundle` holds. */
  readonly caBundle: string;
  /** Whether the API server was seen to reach the validating webhook: then its failure may fail a write. */
  readonly isProven: boolean;
}

/**
 * The patch that puts a webhook configuration right; empty where it is. Only webhooks that call our Service are
 * touched. Each operation is guarded by the webhook's name, so that a list that changed meanwhile fails the patch.
 */
export function webhookPatch(
  configuration: WebhookConfiguration,
  aims: WebhookAims,
): readonly JsonPatchOperation[] {
  const validates = configuration.kind === "ValidatingWebhookConfiguration";
  return (configuration.webhooks ?? []).flatMap((webhook, index) => {
    if (!callsService(webhook, aims.service)) return [];
    const at = `/webhooks/${index}`;
    const operations: JsonPatchOperation[] = [];
    if (webhook.clientConfig.caBundle !== aims.caBundle)
      operations.push({ op: "add", path: `${at}/clientConfig/caBundle`, value: aims.caBundle });
    if (validates && aims.isProven && webhook.failurePolicy === "Ignore")
      operations.push({ op: "replace", path: `${at}/failurePolicy`, value: "Fail" });
    if (operations.length === 0) return [];
    return [{ op: "test", path: `${at}/name`, value: webhook.name } as const, ...operations];
  });
}

/** Says whether a validating webhook of ours still lets everything pass while nobody answers. */
export function awaitsProof(configuration: WebhookConfiguration, service: WebhookAims["service"]): boolean {
  return (
    configuration.kind === "ValidatingWebhookConfiguration" &&
    (configuration.webhooks ?? []).some(
      (webhook) => callsService(webhook, service) && webhook.failurePolicy === "Ignore",
    )
  );
}

function callsService({ clientConfig }: Webhook, { namespace, name }: WebhookAims["service"]): boolean {
  return clientConfig.service?.namespace === namespace && clientConfig.service.name === name;
}
