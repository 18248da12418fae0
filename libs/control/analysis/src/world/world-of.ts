import {
  RESOURCES,
  type EndpointSlice,
  type KubeObject,
  type Namespace,
  type Pod,
  type Service,
  type ServicePort,
} from "@bookmesh/kube-api";
import {
  DEFAULT_MESH_CONFIG,
  type DestinationRule,
  type Gateway,
  type MeshConfig,
  type VirtualService,
} from "@bookmesh/mesh-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import { isOf, type GroupKind } from "./group-kind.ts";
import { WORKLOADS, type Workload } from "./pod-template.ts";
import { namespaceOf } from "./namespace-of.ts";
import { podsByLabel } from "./pods-by-label.ts";

/**
 * The world that objects make, be they from files or from an API server. What a server knows has a uid, and is as it
 * is. What it does not know yet becomes what a cluster would make of it: a workload its pods, a pod its address, a
 * service the endpoints of the pods that it selects.
 */
export function worldOf(objects: readonly KubeObject[], meshConfig: Partial<MeshConfig> = {}): MeshSnapshot {
  const services = ofKind<Service>(objects, RESOURCES.services);
  const pods = podsOf(objects);
  const slices = ofKind<EndpointSlice>(objects, RESOURCES.endpointSlices);
  return {
    namespaces: ofKind<Namespace>(objects, RESOURCES.namespaces),
    services,
    pods,
    endpointSlices: [...slices, ...newSlices(services, pods)],
    virtualServices: ofKind<VirtualService>(objects, RESOURCES.virtualServices),
    destinationRules: ofKind<DestinationRule>(objects, RESOURCES.destinationRules),
    gateways: ofKind<Gateway>(objects, RESOURCES.gateways),
    credentials: [],
    meshConfig: { ...DEFAULT_MESH_CONFIG, ...meshConfig },
  };
}

function ofKind<T extends KubeObject>(
  objects: readonly KubeObject[],
  kind: GroupKind<T["kind"]>,
): readonly T[] {
  return objects.filter((object) => isOf<T>(object, [kind]));
}

function isNew({ metadata }: KubeObject): boolean {
  return metadata.uid === undefined;
}

/** Pods that are written down, and those of new workloads: `rating-v1-0` with the IP 127.16.0.1, and so on. */
function podsOf(objects: readonly KubeObject[]): readonly Pod[] {
  const stamped = objects
    .filter((object) => isOf<Workload>(object, WORKLOADS))
    .filter(isNew)
    .flatMap(podsOfWorkload);
  return [...ofKind<Pod>(objects, RESOURCES.pods), ...stamped].map(withAddress);
}

function podsOfWorkload(workload: Workload): readonly Pod[] {
  const { replicas = 1, template } = workload.spec;
  if (template === undefined) return [];
  return Array.from({ length: replicas }, (_, index): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...template.metadata,
      name: `${workload.metadata.name}-${index}`,
      namespace: namespaceOf(workload),
    },
    spec: template.spec,
  }));
}

function withAddress(pod: Pod, index: number): Pod {
  if (pod.status?.podIP !== undefined || !isNew(pod)) return pod;
  const number = index + 1;
  const podIP = `127.${16 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  return { ...pod, status: { ...pod.status, phase: "Running", podIP } };
}

/** What Kubernetes' endpoint controller would add, once it has seen what is new. */
function newSlices(services: readonly Service[], pods: readonly Pod[]): readonly EndpointSlice[] {
  const podsOf = podsByLabel(pods);
  return services.flatMap((service) => {
    const found = podsOf(namespaceOf(service), service.spec.selector ?? {});
    const selected = found.filter((pod) => isNew(service) || isNew(pod));
    return selected.length === 0 ? [] : [sliceOf(service, selected)];
  });
}

function sliceOf(service: Service, pods: readonly Pod[]): EndpointSlice {
  const { name } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${name}-new`,
      namespace: namespaceOf(service),
      labels: { "kubernetes.io/service-name": name },
    },
    addressType: "IPv4",
    ports: (service.spec.ports ?? []).map((port) => ({ name: port.name ?? "", port: targetOf(port, pods) })),
    endpoints: pods.map((pod) => ({
      addresses: pod.status?.podIP === undefined ? [] : [pod.status.podIP],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name: pod.metadata.name, namespace: namespaceOf(pod) },
    })),
  };
}

/** A name stands for the port that the pods' containers give it. */
function targetOf({ port, targetPort = port }: ServicePort, pods: readonly Pod[]): number {
  if (typeof targetPort === "number") return targetPort;
  const ports = pods.flatMap(({ spec }) => spec.containers).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === targetPort)?.containerPort ?? port;
}
