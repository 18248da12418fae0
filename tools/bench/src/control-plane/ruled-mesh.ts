import { RESOURCES, SERVICE_NAME, type EndpointSlice, type KubeObject, type Pod } from "@bookmesh/kube-api";
import type { ResourceRef } from "@bookmesh/kube-api";

/** An object, and where the API has it. */
export interface Placed {
  readonly resource: ResourceRef;
  readonly object: KubeObject;
}

/** How many namespaces share the services. */
const NAMESPACES = 10;
const PODS_OF_EACH = 4;
const PORT = 8_080;
/** No kubelet is this node: its pods run nowhere, and are ready because this file says so. */
const NODE = "nowhere";

/** The objects of a mesh whose services each have two versions of two pods, a DestinationRule and a VirtualService. */
export function ruledMesh(services: number): readonly Placed[] {
  const indices = Array.from({ length: services }, (_, index) => index);
  return [
    ...Array.from({ length: NAMESPACES }, (_, index) => namespace(`books-${index}`)),
    namespace("istio-system"),
    { resource: RESOURCES.nodes, object: { apiVersion: "v1", kind: "Node", metadata: { name: NODE } } },
    ...indices.flatMap((index) => [
      service(index),
      ...Array.from({ length: PODS_OF_EACH }, (_, pod) => ({
        resource: RESOURCES.pods,
        object: podOf(index, pod),
      })),
      { resource: RESOURCES.endpointSlices, object: sliceOf(index) },
      destinationRule(index),
      { resource: RESOURCES.virtualServices, object: routeNamed(index, "shares") },
    ]),
  ];
}

/** A pod of the mesh, as its proxy tells of it; neighbours by number are in other namespaces. */
export function proxyOf(index: number): {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const { metadata, status } = podOf(index, 0);
  const { name, namespace = "", labels = {} } = metadata;
  return { name, namespace, ip: status?.podIP ?? "", labels };
}

/** Proxies whose numbers are so far apart share a namespace. */
export const SAME_NAMESPACE = NAMESPACES;

/** The rule of a service, whose route bears a name: three quarters to one version, the rest to the other. */
export function routeNamed(index: number, name: string): KubeObject {
  const { host, ...metadata } = nameOf(index);
  const to = (subset: string, weight: number) => ({
    destination: { host, subset, port: { number: PORT } },
    weight,
  });
  const retries = { attempts: 3, perTryTimeout: "2s", retryOn: "5xx,reset,connect-failure" };
  return {
    ...{ apiVersion: "networking.istio.io/v1", kind: "VirtualService", metadata },
    spec: { hosts: [host], http: [{ name, timeout: "10s", retries, route: [to("v1", 75), to("v2", 25)] }] },
  };
}

/** The addresses of a service; `replacement` stands in the first one's place. */
export function sliceOf(index: number, replacement?: string): EndpointSlice {
  const { name, namespace } = nameOf(index);
  const endpoints = Array.from({ length: PODS_OF_EACH }, (_, number) => {
    const { metadata, status } = podOf(index, number);
    const address = number === 0 ? (replacement ?? status?.podIP) : status?.podIP;
    return {
      addresses: [address ?? ""],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: "Pod", name: metadata.name, namespace },
    };
  });
  return {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    metadata: { name: `${name}-slice`, namespace, labels: { [SERVICE_NAME]: name } },
    ports: [{ name: "http", port: PORT, protocol: "TCP" }],
    endpoints,
  };
}

function nameOf(index: number): { readonly name: string; readonly namespace: string; readonly host: string } {
  const name = `service-${index}`;
  const namespace = `books-${index % NAMESPACES}`;
  return { name, namespace, host: `${name}.${namespace}.svc.cluster.local` };
}

function namespace(name: string): Placed {
  return {
    resource: RESOURCES.namespaces,
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
  };
}

function service(index: number): Placed {
  const { name, namespace } = nameOf(index);
  const object = {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name, namespace } },
    spec: { selector: { app: name }, ports: [{ name: "http", port: PORT, targetPort: PORT }] },
  };
  return { resource: RESOURCES.services, object };
}

function podOf(index: number, number: number): Pod {
  const { name: app, namespace } = nameOf(index);
  const version = number < PODS_OF_EACH / 2 ? "v1" : "v2";
  const ip = `10.200.${Math.floor(index / 60)}.${(index % 60) * PODS_OF_EACH + number + 1}`;
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: { name: `${app}-${number}`, namespace, labels: { app, version } },
    spec: {
      nodeName: NODE,
      containers: [{ name: "app", image: "app:1", ports: [{ containerPort: PORT }] }],
    },
    status: {
      ...{ phase: "Running", podIP: ip, podIPs: [{ ip }] },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

function destinationRule(index: number): Placed {
  const { host, ...metadata } = nameOf(index);
  const object = {
    ...{ apiVersion: "networking.istio.io/v1", kind: "DestinationRule", metadata },
    spec: {
      host,
      trafficPolicy: {
        outlierDetection: { consecutive5xxErrors: 5, interval: "10s", baseEjectionTime: "30s" },
      },
      subsets: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
    },
  };
  return { resource: RESOURCES.destinationRules, object };
}
