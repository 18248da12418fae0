import type { EndpointSlice, KubeObject, Pod, Service } from "@bookmesh/kube-api";
import type { ProxyView } from "@bookmesh/translate";

const NAMESPACE = "istio-system";
const LABELS = { istio: "ingressgateway" };
const PORTS = [
  { name: "http", port: 80, targetPort: 8080 },
  { name: "https", port: 443, targetPort: 8443 },
] as const;

/** The gateway that every Gateway of the cases may select. */
export const ROUTER: ProxyView = {
  role: "router",
  namespace: NAMESPACE,
  labels: LABELS,
  podIp: "10.9.9.10",
  applicationAddress: "127.0.0.1",
  wildcards: ["0.0.0.0"],
};

const SERVICE: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "edge", namespace: NAMESPACE },
  spec: { clusterIP: "172.31.0.1", selector: LABELS, ports: PORTS },
};
const POD: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "edge", namespace: NAMESPACE, labels: LABELS },
  spec: { containers: [{ name: "istio-proxy" }] },
  status: { phase: "Running", podIP: ROUTER.podIp },
};
const SLICE: EndpointSlice = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "edge-1", namespace: NAMESPACE, labels: { "kubernetes.io/service-name": "edge" } },
  addressType: "IPv4",
  ports: PORTS.map(({ name, targetPort }) => ({ name, port: targetPort })),
  endpoints: [
    {
      addresses: [ROUTER.podIp],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name: POD.metadata.name, namespace: NAMESPACE },
    },
  ],
};

/** What the gateway needs to be in the mesh. */
export const EDGE = { service: SERVICE, pod: POD, slice: SLICE };

/** The same as a list. */
export const EDGE_OBJECTS: readonly KubeObject[] = [SERVICE, POD, SLICE];
