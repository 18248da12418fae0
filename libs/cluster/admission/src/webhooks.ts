import { randomUUID } from "node:crypto";
import { ApiError, internalError } from "@bookmesh/cluster-api";
import {
  RESOURCES,
  type AdmissionResponse,
  type AdmissionReview,
  type KubeObject,
  type ResourceRef,
  type Webhook,
} from "@bookmesh/kube-api";
import { objectsField, type AdmissionAttempt, type ObjectStore } from "@bookmesh/registry";
import { isObject, type ResourceKind } from "@bookmesh/kube-model";
import { applyJsonPatch } from "@bookmesh/kube-patch";
import { messageOf } from "@bookmesh/kernel";
import { callWebhook } from "./webhook-call.ts";
import { asVersion, matchWebhook, type MatchView } from "./webhook-match.ts";

type MutationAttempt = AdmissionAttempt & { readonly object: KubeObject };

/** What the webhooks of a cluster are found with. */
export interface WebhookView {
  readonly store: ObjectStore;
  readonly versionsOf: (kind: ResourceKind) => readonly ResourceKind[];
}

/** Lets each mutating webhook change the object in turn; one that asks for it sees later changes once more. */
export async function mutateByWebhooks(view: WebhookView, attempt: MutationAttempt): Promise<KubeObject> {
  const webhooks = webhooksOf(view, RESOURCES.mutatingWebhookConfigurations, attempt);
  let object = attempt.object;
  const seen = new Map<Webhook, KubeObject>();
  for (const webhook of webhooks) {
    object = await mutateBy(view, webhook, { ...attempt, object });
    seen.set(webhook, object);
  }
  for (const webhook of webhooks) {
    if (webhook.reinvocationPolicy !== "IfNeeded" || seen.get(webhook) === object) continue;
    object = await mutateBy(view, webhook, { ...attempt, object });
  }
  return object;
}

/** Asks all validating webhooks at once; the first refusal, in their order, is told. */
export async function validateByWebhooks(view: WebhookView, attempt: AdmissionAttempt): Promise<void> {
  const webhooks = webhooksOf(view, RESOURCES.validatingWebhookConfigurations, attempt);
  const outcomes = await Promise.allSettled(webhooks.map((webhook) => ask(view, webhook, attempt)));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** In the order of their configurations' names. Nobody intercepts the configurations themselves: they must stay repairable. */
function webhooksOf(
  { store }: WebhookView,
  resource: ResourceRef,
  { kind }: AdmissionAttempt,
): readonly Webhook[] {
  if (kind.group === "admissionregistration.k8s.io") return [];
  return store.list(resource).flatMap((configuration) => {
    // A decoder: the schema has checked what is stored.
    return objectsField(configuration, "webhooks") as unknown as readonly Webhook[];
  });
}

async function mutateBy(view: WebhookView, webhook: Webhook, attempt: MutationAttempt): Promise<KubeObject> {
  const answer = await ask(view, webhook, attempt);
  if (answer?.response.patch === undefined) return attempt.object;
  const { response, kind } = answer;
  const patch: unknown = JSON.parse(Buffer.from(response.patch ?? "", "base64").toString("utf8"));
  const patched = applyJsonPatch(asVersion(kind, attempt.object), patch);
  if (!patched.ok)
    throw internalError(
      `admission webhook ${JSON.stringify(webhook.name)} sent a patch that does not fit: ${patched.error.message}`,
    );
  if (!isObject(patched.value) || !isObject(patched.value["metadata"])) {
    throw internalError(
      `admission webhook ${JSON.stringify(webhook.name)} sent a patch that leaves no object`,
    );
  }
  // A decoder: whoever asked for admission checks the object again.
  const object = patched.value as unknown as KubeObject;
  return { ...object, apiVersion: attempt.object.apiVersion };
}

interface Answer {
  readonly response: AdmissionResponse;
  readonly kind: ResourceKind;
}

/** Asks one webhook. `undefined`: it does not want to see this write, or could not be asked and that does not matter. */
async function ask(
  view: WebhookView,
  webhook: Webhook,
  attempt: AdmissionAttempt,
): Promise<Answer | undefined> {
  const kind = matchWebhook(matchView(view), webhook, attempt);
  if (kind === undefined) return undefined;
  const { context } = attempt;
  const response = await answerOf(view.store, webhook, reviewOf(attempt, kind));
  if (response === undefined) return undefined;
  for (const warning of response.warnings ?? []) context.warn(warning);
  if (!response.allowed) throw denial(webhook.name, response);
  return { response, kind };
}

function matchView({ store, versionsOf }: WebhookView): MatchView {
  return {
    namespaceLabels: (name) => store.get(RESOURCES.namespaces, { name })?.metadata.labels,
    versionsOf,
  };
}

async function answerOf(
  store: ObjectStore,
  webhook: Webhook,
  review: AdmissionReview,
): Promise<AdmissionResponse | undefined> {
  try {
    return await callWebhook(store, webhook, review);
  } catch (error) {
    if (webhook.failurePolicy === "Ignore") return undefined;
    const why = messageOf(error);
    throw internalError(
      `failed calling webhook ${JSON.stringify(webhook.name)}: failed to call webhook: ${why}`,
    );
  }
}

function reviewOf(attempt: AdmissionAttempt, kind: ResourceKind): AdmissionReview {
  const { operation, subresource, namespace, name, object, oldObject, context } = attempt;
  const { caller, dryRun } = context;
  const { group, version, plural } = kind;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: randomUUID(),
      kind: { group, version, kind: kind.kind },
      resource: { group, version, resource: plural },
      ...(subresource === undefined ? {} : { subResource: subresource }),
      ...(name ? { name } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo: caller,
      object: asVersion(kind, object),
      oldObject: asVersion(kind, oldObject),
      dryRun,
    },
  };
}

/** A refusal is never told with a code below 400, whatever the webhook says. */
function denial(name: string, { status }: AdmissionResponse): ApiError {
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const { code = 0, message = "", reason = "", details } = status ?? {};
  const why = message === "" ? reason : message;
  return new ApiError({
    code: code < 400 ? 400 : code,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    message: why === "" ? `${denied} without explanation` : `${denied}: ${why}`,
  });
}
