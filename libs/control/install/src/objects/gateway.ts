import type { Deployment, KubeObject, Service } from "@bookmesh/kube-api";
import type { InstallValues } from "../values/install-values.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { gatewayPod } from "./gateway-pod.ts";
import { ISTIOD, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";

/** A gateway of the mesh: the proxy that its sidecars are, alone in a pod, where calls enter the mesh or leave it. */
export interface MeshGateway {
  readonly name: string;
  /** By which Gateways select its pods, with their `app`. */
  readonly istio: string;
  readonly type: NonNullable<Service["spec"]["type"]>;
  readonly replicas: number;
}

/** The objects of a gateway. */
export function gatewayObjects(gateway: MeshGateway, values: InstallValues): readonly KubeObject[] {
  const { name } = gateway;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadataOf(gateway, `${name}-service-account`) },
    ...secretAccess(gateway),
    service(gateway),
    deployment(gateway, values),
    ...(values.disruptionBudget ? [disruptionBudget(name, podLabels(gateway))] : []),
  ];
}

function podLabels({ name, istio }: MeshGateway): Readonly<Record<string, string>> {
  return { app: name, istio };
}

function metadataOf(gateway: MeshGateway, name: string): KubeObject["metadata"] {
  return { name, namespace: MESH_NAMESPACE, labels: { ...MESH_LABELS, ...podLabels(gateway) } };
}

/** istiod, which hands a gateway its certificates, may read the Secrets of this namespace and of no other. */
function secretAccess(gateway: MeshGateway): readonly KubeObject[] {
  const name = `${gateway.name}-sds`;
  const group = "rbac.authorization.k8s.io";
  return [
    {
      apiVersion: `${group}/v1`,
      kind: "Role",
      metadata: metadataOf(gateway, name),
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "RoleBinding",
      metadata: metadataOf(gateway, name),
      roleRef: { apiGroup: group, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name: ISTIOD, namespace: MESH_NAMESPACE }],
    },
  ];
}

function service(gateway: MeshGateway): Service {
  const port = (name: string, from: number, to: number) =>
    ({ name, port: from, protocol: "TCP", targetPort: to }) as const;
  const isPublic = gateway.type !== "ClusterIP";
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(gateway, gateway.name),
    spec: {
      type: gateway.type,
      selector: podLabels(gateway),
      ports: [
        // Load balancers that look first try the first port.
        ...(isPublic ? [port("status-port", 15_021, 15_021)] : []),
        // Istio's name for the port; what the proxy speaks is HTTP/1.1.
        { ...port("http2", 80, 8_080), appProtocol: "http" },
        port("https", 443, 8_443),
      ],
    },
  };
}

function deployment(gateway: MeshGateway, values: InstallValues): Deployment {
  const labels = podLabels(gateway);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(gateway, gateway.name),
    spec: {
      replicas: gateway.replicas,
      selector: { matchLabels: labels },
      // Calls from outside know nothing of the mesh: the new gateway is there before the old one goes.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: gatewayPod({ name: gateway.name, labels }, values),
    },
  };
}
