import {
  selects,
  type Deployment,
  type EndpointSlice,
  type KubeObject,
  type Pod,
  type Service,
} from "@bookmesh/kube-api";
import {
  DEFAULT_MESH_CONFIG,
  type DestinationRule,
  type Gateway,
  type MeshConfig,
  type VirtualService,
} from "@bookmesh/mesh-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import { ofKind } from "./read-objects.ts";

/** The world that some objects make: a Deployment has its pods in it, and a Service its ready endpoints. */
export function worldOf(objects: readonly KubeObject[], meshConfig: Partial<MeshConfig> = {}): MeshSnapshot {
  const services = ofKind<Service>(objects, "Service");
  const pods = podsOf(objects);
  const slices = ofKind<EndpointSlice>(objects, "EndpointSlice");
  return {
    namespaces: [],
    services,
    pods,
    endpointSlices: [...slices, ...services.map((service) => sliceOf(service, pods))],
    virtualServices: ofKind<VirtualService>(objects, "VirtualService"),
    destinationRules: ofKind<DestinationRule>(objects, "DestinationRule"),
    gateways: ofKind<Gateway>(objects, "Gateway"),
    credentials: [],
    meshConfig: { ...DEFAULT_MESH_CONFIG, ...meshConfig },
  };
}

/** Pods that are written down, and those of Deployments: `rating-v1-0` with the IP 127.16.0.1, and so on. */
function podsOf(objects: readonly KubeObject[]): readonly Pod[] {
  const stamped = ofKind<Deployment>(objects, "Deployment").flatMap(({ metadata, spec }) =>
    Array.from({ length: spec.replicas ?? 1 }, (_, index): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${metadata.name}-${index}`,
        namespace: metadata.namespace ?? "default",
        labels: spec.template.metadata?.labels ?? {},
      },
      spec: spec.template.spec,
    })),
  );
  return [...ofKind<Pod>(objects, "Pod"), ...stamped].map(withAddress);
}

function withAddress(pod: Pod, index: number): Pod {
  if (pod.status?.podIP !== undefined) return pod;
  return { ...pod, status: { phase: "Running", podIP: `127.16.0.${index + 1}` } };
}

/** What Kubernetes' endpoint controller would write. */
function sliceOf({ metadata, spec }: Service, pods: readonly Pod[]): EndpointSlice {
  const selected =
    spec.selector === undefined
      ? []
      : pods.filter(
          (pod) =>
            pod.metadata.namespace === metadata.namespace &&
            selects({ matchLabels: spec.selector ?? {} }, pod.metadata.labels),
        );
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${metadata.name}-1`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { "kubernetes.io/service-name": metadata.name },
    },
    addressType: "IPv4",
    ports: (spec.ports ?? []).map(({ name = "", port, targetPort }) => ({
      name,
      port: typeof targetPort === "number" ? targetPort : port,
    })),
    endpoints: selected.map((pod) => ({
      addresses: [pod.status?.podIP ?? ""],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name: pod.metadata.name, namespace: pod.metadata.namespace ?? "default" },
    })),
  };
}
