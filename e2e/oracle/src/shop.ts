import type { EndpointSlice, KubeObject, Pod, Service } from "@bookmesh/kube-api";

/** A service with what stands behind it. */
export interface Shop {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly slice: EndpointSlice;
}

const VERSIONS = ["v1", "v2"] as const;
const TARGET_PORT = 8082;

/** A service `rating` in a namespace of its own, with a pod of each version; `index` keeps addresses apart. */
export function shopIn(namespace: string, index: number): Shop {
  const pods = VERSIONS.map((version, at) => podOf(version, { namespace, ip: address(10, index, at + 1) }));
  const ports = [
    { name: "http", port: 8080, targetPort: TARGET_PORT },
    ...(index % 2 === 0 ? [] : [{ name: "http-admin", port: 9090, targetPort: TARGET_PORT }]),
  ];
  return {
    pods,
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "rating", namespace },
      spec: { clusterIP: address(172, index, 0), selector: { app: "rating" }, ports },
    },
    slice: sliceOf({ name: "rating", namespace }, ports, pods),
  };
}

/** The endpoints of a service: these pods, all of them ready. */
export function sliceOf(
  { name: service, namespace }: { readonly name: string; readonly namespace: string },
  ports: readonly { readonly name: string; readonly targetPort: number }[],
  pods: readonly Pod[],
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-1`, namespace, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: ports.map(({ name, targetPort }) => ({ name, port: targetPort })),
    endpoints: pods.map(({ metadata, status }) => ({
      addresses: [status?.podIP ?? ""],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name: metadata.name, namespace },
    })),
  };
}

/** All objects of a shop. */
export function objectsOf({ service, pods, slice }: Shop): readonly KubeObject[] {
  return [service, ...pods, slice];
}

function podOf(
  version: (typeof VERSIONS)[number],
  { namespace, ip }: { namespace: string; ip: string },
): Pod {
  const labels = { app: "rating", version, "app.kubernetes.io/version": `${version}.0.0` };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `rating-${version}`, namespace, labels },
    spec: { containers: [{ name: "app" }] },
    status: { phase: "Running", podIP: ip },
  };
}

function address(network: number, index: number, last: number): string {
  return `${network}.16.${index >> 5}.${(index % 32) * 8 + last}`;
}
