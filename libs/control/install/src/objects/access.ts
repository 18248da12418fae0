import type { KubeObject } from "@bookmesh/kube-api";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE, ROOT_CONFIG_MAP } from "./names.ts";
import { INJECTOR_WEBHOOK, VALIDATOR_WEBHOOK } from "./webhooks.ts";

const CLUSTER_ROLE = `istiod-clusterrole-${MESH_NAMESPACE}`;
const RBAC_GROUP = "rbac.authorization.k8s.io";
const READ = ["get", "list", "watch"] as const;
const MESH_GROUPS = ["networking.istio.io", "security.istio.io"] as const;

/** Where the mesh's root and its key are. */
const ROOT_SECRET = "istio-ca-secret";

/** What istiod may do, and no more: read what it translates, answer admissions, hand out the mesh's root, report. */
export function accessObjects(): readonly KubeObject[] {
  return [serviceAccount(), clusterRole(), clusterRoleBinding(), role(), roleBinding()];
}

function serviceAccount(): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: MESH_LABELS },
  };
}

function clusterRole(): KubeObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "ClusterRole",
    metadata: { name: CLUSTER_ROLE, labels: MESH_LABELS },
    rules: [
      { apiGroups: [""], resources: ["namespaces", "nodes", "pods", "services"], verbs: READ },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
      { apiGroups: MESH_GROUPS, resources: ["*"], verbs: READ },
      { apiGroups: MESH_GROUPS, resources: ["*/status"], verbs: ["update", "patch"] },
      { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
      ...rootRules(),
      ...webhookRules(),
    ],
  };
}

/** istiod puts the mesh's root certificate into every namespace, and touches no other ConfigMap there. */
function rootRules(): readonly object[] {
  return [
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] }, // which cannot be granted by name
    {
      apiGroups: [""],
      resources: ["configmaps"],
      resourceNames: [ROOT_CONFIG_MAP],
      verbs: [...READ, "update", "patch"],
    },
  ];
}

/** istiod writes its certificate authority into its own two webhook configurations alone. */
function webhookRules(): readonly object[] {
  return (
    [
      ["mutatingwebhookconfigurations", INJECTOR_WEBHOOK],
      ["validatingwebhookconfigurations", VALIDATOR_WEBHOOK],
    ] as const
  ).flatMap(([resource, name]) => [
    { apiGroups: ["admissionregistration.k8s.io"], resources: [resource], verbs: READ },
    {
      apiGroups: ["admissionregistration.k8s.io"],
      resources: [resource],
      resourceNames: [name],
      verbs: ["update", "patch"],
    },
  ]);
}

function clusterRoleBinding(): KubeObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: CLUSTER_ROLE, labels: MESH_LABELS },
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: CLUSTER_ROLE },
    subjects: [{ kind: "ServiceAccount", name: ISTIOD, namespace: MESH_NAMESPACE }],
  };
}

function role(): KubeObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "Role",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: MESH_LABELS },
    rules: [
      { apiGroups: [""], resources: ["configmaps"], verbs: READ },
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: [ROOT_SECRET], verbs: [...READ, "update"] },
      // By its Lease one istiod of several writes what only one may.
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
      // Dry runs, by which istiod learns that its own validation answers.
      { apiGroups: ["networking.istio.io"], resources: ["virtualservices"], verbs: ["create"] },
    ],
  };
}

function roleBinding(): KubeObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: "RoleBinding",
    metadata: { name: ISTIOD, namespace: MESH_NAMESPACE, labels: MESH_LABELS },
    roleRef: { apiGroup: RBAC_GROUP, kind: "Role", name: ISTIOD },
    subjects: [{ kind: "ServiceAccount", name: ISTIOD, namespace: MESH_NAMESPACE }],
  };
}
