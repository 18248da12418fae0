import type { Webhook, WebhookConfiguration } from "@bookmesh/kube-api";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** The configuration through which pods get their sidecars. */
export const INJECTOR_WEBHOOK = "istio-sidecar-injector";

/** The configuration through which rules are checked before they are stored. */
export const VALIDATOR_WEBHOOK = `istio-validator-${MESH_NAMESPACE}`;

/** Namespaces that keep the cluster alive: a mesh that is down must not stop their pods. */
const NEVER_INJECTED = [MESH_NAMESPACE, "kube-system", "kube-public", "kube-node-lease"] as const;

/** Both configurations. istiod adds `caBundle`, and makes the validator strict once it has seen it answer. */
export function webhookConfigurations(): readonly WebhookConfiguration[] {
  return [injector(), validator()];
}

function injector(): WebhookConfiguration {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: INJECTOR_WEBHOOK, labels: { ...MESH_LABELS, app: "sidecar-injector" } },
    webhooks: [
      {
        ...answeredByIstiod("namespace.sidecar-injector.istio.io", "/inject"),
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        rules: [
          { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" },
        ],
        namespaceSelector: {
          matchLabels: { "istio-injection": "enabled" },
          matchExpressions: [
            { key: "kubernetes.io/metadata.name", operator: "NotIn", values: NEVER_INJECTED },
          ],
        },
        objectSelector: {
          matchExpressions: [{ key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] }],
        },
      },
    ],
  };
}

function validator(): WebhookConfiguration {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: VALIDATOR_WEBHOOK, labels: { ...MESH_LABELS, app: ISTIOD } },
    webhooks: [
      {
        ...answeredByIstiod("rev.validation.istio.io", "/validate"),
        // Until istiod answers, nothing could be written; it changes this to Fail itself.
        failurePolicy: "Ignore",
        rules: [
          {
            operations: ["CREATE", "UPDATE"],
            apiGroups: ["networking.istio.io", "security.istio.io"],
            apiVersions: ["*"],
            resources: ["*"],
            scope: "*",
          },
        ],
      },
    ],
  };
}

function answeredByIstiod(name: string, path: string): Webhook {
  return {
    name,
    clientConfig: { service: { namespace: MESH_NAMESPACE, name: ISTIOD, path, port: 443 } },
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
  };
}
