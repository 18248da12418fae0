import type { KubeObject } from "@bookmesh/kube-api";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";
import { INJECTOR_WEBHOOK, VALIDATOR_WEBHOOK } from "./webhooks.ts";

const CLUSTER_ROLE = `istiod-clusterrole-${MESH_NAMESPACE}`;
const RBAC_GROUP = "rbac.authorization.k8s.io";
const READ = ["get", "list", "watch"] as const;

/** What istiod may do, and no more: read what it translates, answer admissions, hand out the mesh's root. */
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
      { apiGroups: [""], resources: ["namespaces", "pods", "services"], verbs: READ },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
      { apiGroups: ["networking.istio.io", "security.istio.io"], resources: ["*"], verbs: READ },
      // The mesh's root certificate goes into every namespace, as ConfigMap istio-ca-root-cert.
      { apiGroups: [""], resources: ["configmaps"], verbs: [...READ, "create", "update", "patch"] },
      { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
      ...webhookRules(),
    ],
  };
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
      // The mesh's root lives in Secret istio-ca-secret.
      { apiGroups: [""], resources: ["secrets"], verbs: ["create", "get", "update", "list", "watch"] },
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
