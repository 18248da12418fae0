import type { MeshComponent } from "@bookmesh/install";
import type { Clock } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import { isFields } from "./three-way-merge.ts";
import { waitForRollout } from "./wait-for-rollout.ts";
import { waitUntil, type Look } from "./wait-until.ts";

/** How a component is looked at while it gets ready. */
export interface ReadyOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const ROLLOUT_MS = 180_000;
const ESTABLISHED_MS = 30_000;

/** Waits until what a component consists of can be used: kinds served, pods ready, webhooks answering. */
export async function componentReady(component: MeshComponent, options: ReadyOptions): Promise<void> {
  const named = ({ kind }: ResourceRef) => component.objects.filter((object) => object.kind === kind);
  await definitionsServed(named(RESOURCES.customResourceDefinitions), options);
  for (const { metadata } of named(RESOURCES.deployments)) {
    const key = { name: metadata.name, namespace: metadata.namespace ?? "" };
    await waitForRollout(options.client, key, { ...options, timeoutMs: ROLLOUT_MS });
  }
  for (const resource of [
    RESOURCES.mutatingWebhookConfigurations,
    RESOURCES.validatingWebhookConfigurations,
  ]) {
    for (const { metadata } of named(resource))
      await webhookAnswers({ resource, name: metadata.name }, options);
  }
}

/** A kind can be used only once the server says that its definition is established. */
async function definitionsServed(definitions: readonly KubeObject[], options: ReadyOptions): Promise<void> {
  if (definitions.length === 0) return;
  const wanted = definitions.map(({ metadata }) => metadata.name);
  await waitUntil(
    "The kinds of the mesh are not served",
    { ...options, timeoutMs: ESTABLISHED_MS },
    async () => {
      const { items } = await options.client.list(RESOURCES.customResourceDefinitions);
      const isServed = (definition: KubeObject) => "done" in definitionState(definition);
      const established = new Set(items.filter(isServed).map(({ metadata }) => metadata.name));
      const missing = wanted.filter((name) => !established.has(name));
      return missing.length === 0 ? { done: true } : { waitingFor: `${missing.join(", ")} not established` };
    },
  );
}

/** Whether a definition's kind can be used. */
export function definitionState({ status }: KubeObject): Look<true> {
  const conditions = isFields(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const isEstablished = (conditions as readonly unknown[]).some(
    (condition) =>
      isFields(condition) && condition["type"] === "Established" && condition["status"] === "True",
  );
  return isEstablished ? { done: true } : { waitingFor: "it is not established" };
}

async function webhookAnswers(
  { resource, name }: { readonly resource: ResourceRef; readonly name: string },
  options: ReadyOptions,
): Promise<void> {
  await waitUntil(`Webhook ${name} does not answer`, { ...options, timeoutMs: ROLLOUT_MS }, async () =>
    webhookState(await options.client.get(resource, { name })),
  );
}

/** istiod writes its authority into each webhook, and makes the validator strict only after it has answered. */
export function webhookState(configuration: KubeObject | undefined): Look<true> {
  const webhooks = configuration?.["webhooks"];
  const webhook: unknown = Array.isArray(webhooks) ? webhooks[0] : undefined;
  const { clientConfig, failurePolicy } = isFields(webhook) ? webhook : {};
  if (!isFields(clientConfig) || clientConfig["caBundle"] === undefined) {
    return { waitingFor: "it has no caBundle" };
  }
  return failurePolicy === "Fail" ? { done: true } : { waitingFor: "it has not been seen to answer" };
}
