import type { KubeObject } from "@bookmesh/kube-api";
import { isObject } from "@bookmesh/kube-model";
import { definitionStrategy } from "./definitions/definition-strategy.ts";
import { jobStrategy } from "./job-strategy.ts";
import { podStrategy } from "./pod-strategy.ts";
import { objectField } from "./json.ts";
import { serviceStrategy } from "./service-strategy.ts";
import type { Strategy } from "./strategy.ts";
import { webhookStrategy } from "./webhook-strategy.ts";

/** What single kinds do beyond their rows, by `group/plural`. */
export const STRATEGIES: ReadonlyMap<string, Strategy> = new Map<string, Strategy>([
  ["admissionregistration.k8s.io/mutatingwebhookconfigurations", webhookStrategy()],
  ["admissionregistration.k8s.io/validatingwebhookconfigurations", webhookStrategy()],
  ["apiextensions.k8s.io/customresourcedefinitions", definitionStrategy()],
  ["batch/jobs", jobStrategy()],
  ["/namespaces", namespaceStrategy()],
  ["/nodes", { keepsStatusOnCreate: true }],
  ["/pods", podStrategy()],
  ["/services", serviceStrategy()],
]);

/** A namespace stays, `Terminating`, until whoever empties it takes `kubernetes` out of `spec.finalizers`. */
function namespaceStrategy(): Strategy {
  return {
    prepareCreate: (object) => ({ ...labelled(object), spec: { finalizers: ["kubernetes"] } }),
    prepareUpdate: (object, previous) => ({ spec: previous["spec"], ...labelled(object) }),
    initialStatus: () => ({ phase: "Active" }),
    markDeleted: (object) => ({
      ...object,
      status: { ...objectField(object, "status"), phase: "Terminating" },
    }),
    isHeld: ({ spec }) =>
      isObject(spec) && Array.isArray(spec["finalizers"]) && spec["finalizers"].length > 0,
  };
}

/** Selectors of namespaces go by labels, so a namespace carries its name as one. */
function labelled(object: KubeObject): KubeObject {
  const labels = { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name };
  return { ...object, metadata: { ...object.metadata, labels } };
}
