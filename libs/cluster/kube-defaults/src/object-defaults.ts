import type { KubeObject } from "@bookmesh/kube-api";
import { objectOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { fill, fillAll, fillEach, fillIn } from "./fill.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Secrets: what came as text becomes base64, as everything in `data`. */
export function secretDefaults(secret: KubeObject): KubeObject {
  const { stringData, apiVersion, kind, metadata, ...rest } = secret;
  const encoded = Object.entries(objectOf(stringData)).map(
    ([key, text]) => [key, base64(textOf(text))] as const,
  );
  const data =
    encoded.length === 0 ? {} : { data: { ...objectOf(rest["data"]), ...Object.fromEntries(encoded) } };
  return { apiVersion, kind, metadata, ...fill(rest, { type: "Opaque" }), ...data };
}

/** Namespaces carry their name as a label, so that selectors can name them. */
export function namespaceDefaults(namespace: KubeObject): KubeObject {
  const { metadata } = namespace;
  if (metadata.name === "" || metadata.labels?.["kubernetes.io/metadata.name"] === metadata.name)
    return namespace;
  const labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
  return { ...namespace, metadata: { ...metadata, labels } };
}

/** Mutating webhook configurations. */
export function mutatingWebhookDefaults(configuration: KubeObject): KubeObject {
  const filled = fillEach(configuration, "webhooks", (webhook) =>
    fill(webhookDefaults(webhook), { reinvocationPolicy: "Never" }),
  );
  return { ...configuration, ...filled };
}

/** Validating webhook configurations. */
export function validatingWebhookDefaults(configuration: KubeObject): KubeObject {
  return { ...configuration, ...fillEach(configuration, "webhooks", webhookDefaults) };
}

/** CustomResourceDefinitions: the names that follow from the kind. */
export function definitionDefaults(definition: KubeObject): KubeObject {
  const spec = fillIn(objectOf(definition["spec"]), "names", (names) =>
    fill(names, { singular: textOf(names["kind"]).toLowerCase(), listKind: `${textOf(names["kind"])}List` }),
  );
  return { ...definition, spec: fill(spec, { conversion: { strategy: "None" } }) };
}

/** Role bindings of both scopes. */
export function bindingDefaults(binding: KubeObject): KubeObject {
  const filled = fillAll(binding, [
    (object) => fillIn(object, "roleRef", (role) => fill(role, { apiGroup: RBAC })),
    (object) =>
      fillEach(object, "subjects", (subject) =>
        subject["kind"] === "ServiceAccount" ? subject : fill(subject, { apiGroup: RBAC }),
      ),
  ]);
  return { ...binding, ...filled };
}

function webhookDefaults(webhook: JsonObject): JsonObject {
  return fillAll(webhook, [
    (filled) => fillEach(filled, "rules", (rule) => fill(rule, { scope: "*" })),
    (filled) =>
      fillIn(filled, "clientConfig", (client) =>
        fillIn(client, "service", (service) => fill(service, { port: 443 })),
      ),
    (filled) =>
      fill(filled, {
        failurePolicy: "Fail",
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
      }),
  ]);
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** NetworkPolicies: what they are about follows from what they say. */
export function networkPolicyDefaults(policy: KubeObject): KubeObject {
  const spec = objectOf(policy["spec"]);
  const hasEgress = Array.isArray(spec["egress"]) && spec["egress"].length > 0;
  return { ...policy, spec: fill(spec, { policyTypes: hasEgress ? ["Ingress", "Egress"] : ["Ingress"] }) };
}

/** PriorityClasses. */
export function priorityClassDefaults(priority: KubeObject): KubeObject {
  return { ...priority, preemptionPolicy: priority["preemptionPolicy"] ?? "PreemptLowerPriority" };
}
