import type { LabelSelector, Webhook, WebhookConfiguration } from "@bookmesh/kube-api";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** The configuration through which pods get their sidecars. */
export const INJECTOR_WEBHOOK = "istio-sidecar-injector";

/** The configuration through which rules are checked before they are stored. */
export const VALIDATOR_WEBHOOK = `istio-validator-${MESH_NAMESPACE}`;

/** Namespaces that keep the cluster alive: a mesh that is down must not stop their pods. */
const NEVER_INJECTED = [MESH_NAMESPACE, "kube-system", "kube-public", "kube-node-lease"] as const;

type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

const INJECT = "sidecar.istio.io/inject";
const REVISION = "istio.io/rev";
const OPT_IN = "istio-injection";
const without = (key: string): Requirement => ({ key, operator: "DoesNotExist" });
const having = (key: string, value: string): Requirement => ({ key, operator: "In", values: [value] });
const NOT_REFUSED: Requirement = { key: INJECT, operator: "NotIn", values: ["false"] };

/**
 * The ways to ask for a sidecar, as in Istio: a namespace by its label or by a revision, and in a namespace that says
 * nothing a pod by a revision or by its label. At most one of them matches a pod.
 */
const OPT_INS: readonly {
  readonly name: string;
  readonly namespace: readonly Requirement[];
  readonly pod: readonly Requirement[];
}[] = [
  { name: "rev.namespace", namespace: [having(REVISION, "default"), without(OPT_IN)], pod: [NOT_REFUSED] },
  {
    name: "rev.object",
    namespace: [without(REVISION), without(OPT_IN)],
    pod: [NOT_REFUSED, having(REVISION, "default")],
  },
  { name: "namespace", namespace: [having(OPT_IN, "enabled")], pod: [NOT_REFUSED] },
  {
    name: "object",
    namespace: [without(REVISION), without(OPT_IN)],
    pod: [having(INJECT, "true"), without(REVISION)],
  },
];

/** Both configurations. istiod adds `caBundle`, and makes the validator strict once it has seen it answer. */
export function webhookConfigurations(): readonly WebhookConfiguration[] {
  return [injector(), validator()];
}

function injector(): WebhookConfiguration {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: INJECTOR_WEBHOOK, labels: { ...MESH_LABELS, app: "sidecar-injector" } },
    webhooks: OPT_INS.map(({ name, namespace, pod }) => ({
      ...answeredByIstiod(`${name}.sidecar-injector.istio.io`, "/inject"),
      failurePolicy: "Fail",
      reinvocationPolicy: "Never",
      rules: [
        { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" },
      ],
      namespaceSelector: {
        matchExpressions: [
          ...namespace,
          { key: "kubernetes.io/metadata.name", operator: "NotIn", values: NEVER_INJECTED },
        ],
      },
      objectSelector: { matchExpressions: pod },
    })),
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
