import { RESOURCES, type ResourceRef } from "@bookmesh/kube-api";
import {
  bindingDefaults,
  definitionDefaults,
  endpointSliceDefaults,
  mutatingWebhookDefaults,
  networkPolicyDefaults,
  priorityClassDefaults,
  validatingWebhookDefaults,
} from "@bookmesh/kube-defaults";
import {
  BINDING_PRINTER,
  ENDPOINT_SLICE_PRINTER,
  EVENT_PRINTER,
  LEASE_PRINTER,
  NETWORK_POLICY_PRINTER,
  PLAIN_PRINTER,
  POD_DISRUPTION_BUDGET_PRINTER,
  PRIORITY_CLASS_PRINTER,
  WEBHOOKS_PRINTER,
} from "@bookmesh/kube-printing";
import {
  bindingChangeIssues,
  bindingIssues,
  definitionChangeIssues,
  definitionIssues,
  disruptionBudgetIssues,
  endpointSliceChangeIssues,
  endpointSliceIssues,
  leaseIssues,
  roleIssues,
  webhookIssues,
} from "@bookmesh/kube-validation";
import { eventFields } from "./core-rows.ts";
import type { Row } from "./row.ts";
import { WORKLOAD_ROWS } from "./workload-rows.ts";

const RBAC = "io.k8s.api.rbac.v1";
const ADMISSION = "io.k8s.api.admissionregistration.v1";

/** The kinds of all groups but the core one. */
export const GROUP_ROWS: readonly Row[] = [
  ...WORKLOAD_ROWS,
  {
    ref: { ...RESOURCES.events, group: "events.k8s.io" },
    definition: "io.k8s.api.events.v1.Event",
    printer: EVENT_PRINTER,
    shortNames: ["ev"],
    selectableFields: eventFields("regarding", "deprecatedSource"),
  },
  {
    ref: RESOURCES.endpointSlices,
    definition: "io.k8s.api.discovery.v1.EndpointSlice",
    printer: ENDPOINT_SLICE_PRINTER,
    hasGeneration: true,
    rules: {
      defaults: endpointSliceDefaults,
      validate: endpointSliceIssues,
      validateUpdate: endpointSliceChangeIssues,
    },
  },
  {
    ref: RESOURCES.leases,
    definition: "io.k8s.api.coordination.v1.Lease",
    printer: LEASE_PRINTER,
    rules: { validate: leaseIssues },
  },
  {
    ref: RESOURCES.customResourceDefinitions,
    definition: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
    printer: PLAIN_PRINTER,
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    subresources: ["status"],
    hasGeneration: true,
    rules: {
      defaults: definitionDefaults,
      validate: definitionIssues,
      validateUpdate: definitionChangeIssues,
    },
  },
  {
    ref: RESOURCES.mutatingWebhookConfigurations,
    definition: `${ADMISSION}.MutatingWebhookConfiguration`,
    printer: WEBHOOKS_PRINTER,
    categories: ["api-extensions"],
    hasGeneration: true,
    rules: { defaults: mutatingWebhookDefaults, validate: webhookIssues },
  },
  {
    ref: RESOURCES.validatingWebhookConfigurations,
    definition: `${ADMISSION}.ValidatingWebhookConfiguration`,
    printer: WEBHOOKS_PRINTER,
    categories: ["api-extensions"],
    hasGeneration: true,
    rules: { defaults: validatingWebhookDefaults, validate: webhookIssues },
  },
  {
    ref: RESOURCES.clusterRoles,
    definition: `${RBAC}.ClusterRole`,
    printer: PLAIN_PRINTER,
    nameRule: "path",
    rules: { validate: roleIssues },
  },
  {
    ref: RESOURCES.clusterRoleBindings,
    definition: `${RBAC}.ClusterRoleBinding`,
    printer: BINDING_PRINTER,
    nameRule: "path",
    rules: { defaults: bindingDefaults, validate: bindingIssues, validateUpdate: bindingChangeIssues },
  },
  {
    ref: RESOURCES.roles,
    definition: `${RBAC}.Role`,
    printer: PLAIN_PRINTER,
    nameRule: "path",
    rules: { validate: roleIssues },
  },
  {
    ref: RESOURCES.roleBindings,
    definition: `${RBAC}.RoleBinding`,
    printer: BINDING_PRINTER,
    nameRule: "path",
    rules: { defaults: bindingDefaults, validate: bindingIssues, validateUpdate: bindingChangeIssues },
  },
  {
    ref: RESOURCES.podDisruptionBudgets,
    definition: "io.k8s.api.policy.v1.PodDisruptionBudget",
    printer: POD_DISRUPTION_BUDGET_PRINTER,
    shortNames: ["pdb"],
    subresources: ["status"],
    hasGeneration: true,
    rules: { validate: disruptionBudgetIssues },
  },
  {
    ref: {
      group: "networking.k8s.io",
      version: "v1",
      plural: "networkpolicies",
      kind: "NetworkPolicy",
      namespaced: true,
    },
    definition: "io.k8s.api.networking.v1.NetworkPolicy",
    printer: NETWORK_POLICY_PRINTER,
    shortNames: ["netpol"],
    hasGeneration: true,
    rules: { defaults: networkPolicyDefaults },
  },
  {
    ref: {
      group: "scheduling.k8s.io",
      version: "v1",
      plural: "priorityclasses",
      kind: "PriorityClass",
      namespaced: false,
    },
    definition: "io.k8s.api.scheduling.v1.PriorityClass",
    printer: PRIORITY_CLASS_PRINTER,
    shortNames: ["pc"],
    rules: { defaults: priorityClassDefaults },
  },
  review(RESOURCES.tokenReviews, "io.k8s.api.authentication.v1.TokenReview"),
  review(authorization("SubjectAccessReview"), "io.k8s.api.authorization.v1.SubjectAccessReview"),
  review(
    { ...authorization("LocalSubjectAccessReview"), namespaced: true },
    "io.k8s.api.authorization.v1.SubjectAccessReview",
  ),
  review(authorization("SelfSubjectAccessReview"), "io.k8s.api.authorization.v1.SelfSubjectAccessReview"),
  review(authorization("SelfSubjectRulesReview"), "io.k8s.api.authorization.v1.SelfSubjectRulesReview"),
];

/** A question that is answered, never stored: its only verb is `create`, and it has no name. */
function review(ref: ResourceRef, definition: string): Row {
  return { ref, definition, printer: PLAIN_PRINTER, verbs: ["create"], nameRule: "path" };
}

function authorization(kind: string): ResourceRef {
  const plural = `${kind.toLowerCase()}s`;
  return { group: "authorization.k8s.io", version: "v1", plural, kind, namespaced: false };
}
