import { randomUUID } from "node:crypto";
import { ApiError, forbidden, internalError } from "@bookmesh/cluster-api";
import {
  RESOURCES,
  type AdmissionResponse,
  type AdmissionReview,
  type KubeObject,
  type ResourceRef,
  type Webhook,
} from "@bookmesh/kube-api";
import { objectsField, type AdmissionAttempt } from "@bookmesh/registry";
import { equalJson, isObject, type ResourceKind } from "@bookmesh/kube-model";
import { applyJsonPatch } from "@bookmesh/kube-patch";
import { messageOf } from "@bookmesh/kernel";
import { conditionHolds } from "@bookmesh/schema-rules";
import { callWebhook, type Asking, type WebhookReach } from "./webhook-call.ts";
import type { WebhookAnswer } from "./webhook-answer.ts";
import { asVersion, matchWebhook, type MatchView } from "./webhook-match.ts";

/** The kind of the options of a write. */
const OPTIONS = { CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions" } as const;

type MutationAttempt = AdmissionAttempt & { readonly object: KubeObject };

/** What the webhooks of a cluster are found with. */
export interface WebhookView extends WebhookReach {
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
  const outcomes = await Promise.allSettled(
    webhooks.map((webhook) => ask(view, webhook, { ...attempt, mutates: false })),
  );
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
  const answer = await ask(view, webhook, { ...attempt, mutates: true });
  if (answer?.patch === undefined) return attempt.object;
  const { patch, kind } = answer;
  const shown = asVersion(kind, attempt.object);
  const patched = applyJsonPatch(shown, patch);
  if (!patched.ok) throw internalError(patched.error.message);
  if (equalJson(patched.value, shown)) return attempt.object; // nobody need look again
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
  /** The object's version that was asked about. */
  readonly kind: ResourceKind;
  readonly patch?: unknown;
}

/** Asks one webhook. `undefined`: it does not want to see this write, or could not be asked and that does not matter. */
async function ask(
  view: WebhookView,
  webhook: Webhook,
  { mutates, ...attempt }: AdmissionAttempt & Pick<Asking, "mutates">,
): Promise<Answer | undefined> {
  const kind = matchWebhook(matchView(view), webhook, attempt);
  if (kind === undefined) return undefined;
  const { context } = attempt;
  const review = reviewOf(attempt, kind);
  if (!meetsConditions(webhook, attempt, review)) return undefined;
  const response = await answerOf(view, webhook, { review, mutates });
  if (response === undefined) return undefined;
  for (const warning of response.warnings ?? []) context.warn(warning);
  if (!response.allowed) throw denial(webhook.name, response);
  return { kind, patch: response.changes };
}

function matchView({ store, versionsOf }: WebhookView): MatchView {
  return {
    namespaceLabels: (name) => store.get(RESOURCES.namespaces, { name })?.metadata.labels,
    versionsOf,
  };
}

/** One condition that does not hold decides; where one cannot be judged, and none fails, the webhook's policy does. */
function meetsConditions(
  { matchConditions = [], failurePolicy }: Webhook,
  { kind, name }: AdmissionAttempt,
  { request }: AdmissionReview,
): boolean {
  const values = { object: request?.object, oldObject: request?.oldObject, request };
  const judged = matchConditions.map(({ expression }) => conditionHolds(expression, values));
  if (judged.some((each) => each.ok && !each.value)) return false;
  const faults = judged.flatMap((each, index) =>
    each.ok
      ? []
      : [`expression '${matchConditions[index]?.expression ?? ""}' resulted in error: ${each.error}`],
  );
  if (faults.length === 0) return true;
  if (failurePolicy === "Ignore") return false;
  throw forbidden(kind, name, faults.length === 1 ? (faults[0] ?? "") : `[${faults.join(", ")}]`);
}

async function answerOf(
  reach: WebhookReach,
  webhook: Webhook,
  { review, mutates }: Asking,
): Promise<WebhookAnswer | undefined> {
  try {
    return await callWebhook(reach, webhook, { review, mutates });
  } catch (error) {
    if (webhook.failurePolicy === "Ignore") return undefined;
    const why = messageOf(error);
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${why}`);
  }
}

function reviewOf(attempt: AdmissionAttempt, kind: ResourceKind): AdmissionReview {
  const { operation, subresource, namespace, name, object, oldObject, context } = attempt;
  const { caller, dryRun } = context;
  const { group, version, plural } = kind;
  const asked = attempt.kind;
  const part = subresource === undefined ? {} : { subResource: subresource };
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: randomUUID(),
      kind: { group, version, kind: kind.kind },
      resource: { group, version, resource: plural },
      ...part,
      requestKind: { group: asked.group, version: asked.version, kind: asked.kind },
      requestResource: { group: asked.group, version: asked.version, resource: asked.plural },
      ...(subresource !== undefined && { requestSubResource: subresource }),
      ...(name ? { name } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo: caller,
      object: asVersion(kind, object),
      oldObject: asVersion(kind, oldObject),
      dryRun,
      options: { kind: OPTIONS[operation], apiVersion: "meta.k8s.io/v1", ...context.options },
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
