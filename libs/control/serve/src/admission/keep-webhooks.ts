import { RESOURCES, type ResourceRef, type WebhookConfiguration } from "@bookmesh/kube-api";
import { followStore, pruneObject, reconciler, type FollowPorts, type Progress } from "@bookmesh/mesh-world";
import { KubeError, type KubeClient } from "@bookmesh/kube-client";
import { awaitsProof, webhookPatch, type WebhookAims } from "./webhook-trust.ts";

/** What the webhook configurations must say. */
export interface WebhookOptions {
  readonly service: WebhookAims["service"];
  /** PEM. */
  readonly rootPem: string;
}

/**
 * Keeps our root in every webhook configuration that calls our Service, and lets the validating webhook fail closed
 * once the API server was seen to reach it. Whoever resets either gets it put right again.
 */
export function keepWebhooks({ service, rootPem }: WebhookOptions, ports: FollowPorts): void {
  const caBundle = Buffer.from(rootPem).toString("base64");
  const reconcile = async (): Promise<Progress> => {
    await Promise.all([mutating.synced, validating.synced]);
    const configurations = [...mutating.store.list(), ...validating.store.list()];
    for (const configuration of configurations)
      await patch(configuration, { service, caBundle, isProven: false });
    const unproven = validating.store.list().filter((configuration) => awaitsProof(configuration, service));
    if (unproven.length === 0) return "done";
    if (!(await validationAnswers(ports.client, service.namespace))) return "waiting";
    for (const configuration of unproven) await patch(configuration, { service, caBundle, isProven: true });
    ports.log.info("The API server reaches the validating webhook: from now on it fails closed.");
    return "done";
  };
  const patch = async (configuration: WebhookConfiguration, aims: WebhookAims) => {
    const body = webhookPatch(configuration, aims);
    if (body.length === 0) return;
    const resource = resourceOf(configuration);
    await ports.client.patch(resource, { name: configuration.metadata.name }, { type: "json", body });
  };
  const onChange = reconciler("Keeping the webhook configurations", reconcile, ports);
  const follow = { transform: pruneObject<WebhookConfiguration>, where: {}, onChange };
  const mutating = followStore(ports, { resource: RESOURCES.mutatingWebhookConfigurations, ...follow });
  const validating = followStore(ports, { resource: RESOURCES.validatingWebhookConfigurations, ...follow });
}

function resourceOf({ kind }: WebhookConfiguration): ResourceRef {
  return kind === "MutatingWebhookConfiguration"
    ? RESOURCES.mutatingWebhookConfigurations
    : RESOURCES.validatingWebhookConfigurations;
}

/** Well formed, so that the schema lets it pass, but without any weight: only our webhook refuses it. */
const REFUSABLE = {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  spec: {
    hosts: ["validation-probe.invalid"],
    http: [
      {
        route: [
          { destination: { host: "one.invalid" }, weight: 0 },
          { destination: { host: "two.invalid" }, weight: 0 },
        ],
      },
    ],
  },
} as const;

/** Whether a dry run of an object that only our webhook refuses is refused. */
async function validationAnswers(client: KubeClient, namespace: string): Promise<boolean> {
  const object = { ...REFUSABLE, metadata: { name: "istiod-validation-probe", namespace } };
  try {
    await client.create(RESOURCES.virtualServices, object, { dryRun: true });
  } catch (error) {
    const refusal = error instanceof KubeError ? (error.status.message ?? "") : "";
    if (/admission webhook .* denied the request/.test(refusal)) return true;
    throw error;
  }
  return false;
}
