import { RESOURCES, type EndpointSlice, type KubeObject, type Pod, type Service } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";

/** Where the large mesh lies. */
export const LARGE_NAMESPACE = "large";

/** How large it is. */
export interface MeshSize {
  readonly services: number;
  readonly podsOfEach: number;
}

/** The HTTP ports among its services: each has a route configuration. */
export const LARGE_ROUTES = ["80", "8080", "9090"] as const;

/** So many objects are written at once. */
const AT_ONCE = 16;
/** No kubelet is this node: its pods run nowhere, and are ready because this file says so. */
const NODE = "nowhere";

/** Writes services of all kinds of ports and pods that are ready; resolves when all are stored. */
export async function writeLargeMesh(client: KubeClient, { services, podsOfEach }: MeshSize): Promise<void> {
  const metadata = { name: LARGE_NAMESPACE };
  await client.create(RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata });
  await atOnce(services, (index) => client.create(RESOURCES.services, serviceOf(index)));
  await atOnce(services * podsOfEach, async (index) => {
    const pod = podOf(index, services);
    await client.create(RESOURCES.pods, pod);
    await client.update(RESOURCES.pods, pod, { subresource: "status" });
  });
}

/** The pod's name and IP. */
export function largePod(index: number): { readonly name: string; readonly ip: string } {
  return { name: `pod-${index}`, ip: `10.200.${Math.floor(index / 250)}.${(index % 250) + 1}` };
}

/** A slice that somebody wrote by hand: one more address for the first service. */
export function extraSlice(address: string): EndpointSlice {
  return {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    metadata: {
      name: "service-0-by-hand",
      namespace: LARGE_NAMESPACE,
      labels: { "kubernetes.io/service-name": "service-0" },
    },
    ports: [{ name: "http", port: 8_080, protocol: "TCP" }],
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  };
}

/** A rule for the first service, whose route bears a name. */
export function namedRoute(name: string): KubeObject {
  return {
    ...{ apiVersion: "networking.istio.io/v1", kind: "VirtualService" },
    metadata: { name: "service-0", namespace: LARGE_NAMESPACE },
    spec: { hosts: ["service-0"], http: [{ name, route: [{ destination: { host: "service-0" } }] }] },
  };
}

/** Of ten services six speak HTTP on port 8080, two on 80, one is a database and one does not say. */
function portOf(index: number): { readonly name: string; readonly port: number } {
  const kind = index % 10;
  if (kind < 6) return { name: "http", port: 8_080 };
  if (kind < 8) return { name: "http", port: 80 };
  return kind === 8 ? { name: "tcp", port: 5_432 } : { name: "any", port: 9_090 };
}

function serviceOf(index: number): Service {
  const { name, port } = portOf(index);
  return {
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name: `service-${index}`, namespace: LARGE_NAMESPACE },
    spec: { selector: { app: `service-${index}` }, ports: [{ name, port, targetPort: 8_080 }] },
  };
}

function podOf(index: number, services: number): Pod {
  const { name, ip } = largePod(index);
  const app = `service-${index % services}`;
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: { name, namespace: LARGE_NAMESPACE, labels: { app, version: "v1" } },
    spec: {
      nodeName: NODE,
      containers: [{ name: "app", image: "app:1", ports: [{ containerPort: 8_080 }] }],
    },
    status: {
      ...{ phase: "Running", podIP: ip, podIPs: [{ ip }] },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

async function atOnce(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      await act(begun - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
