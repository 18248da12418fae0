import {
  RESOURCES,
  selects,
  SERVICE_NAME,
  type Endpoint,
  type EndpointSlice,
  type Pod,
  type Service,
  type ServicePort,
} from "@bookmesh/kube-api";
import { canonicalJson, isFinished, isReady, safeHash } from "@bookmesh/reconcile";
import { controllerReference } from "../owner.ts";

/** The label that keeps the hands of one controller off the slices of another. */
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
/** This controller's name in that label. */
export const MANAGER = "endpointslice-controller.k8s.io";

type SlicePorts = NonNullable<EndpointSlice["ports"]>;

/**
 * The slices of a Service: one, but where a named target port is a different number in some pods, one for each set of
 * numbers. Their names depend on those alone, so that a slice stays the same object as its endpoints come and go.
 */
export function endpointSlicesOf(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  const { selector, type } = service.spec;
  if (selector === undefined || Object.keys(selector).length === 0 || type === "ExternalName") return [];
  const groups = new Map<string, { readonly ports: SlicePorts; readonly pods: Pod[] }>();
  for (const pod of pods) {
    if (pod.status?.podIP === undefined || isFinished(pod)) continue;
    if (!selects({ matchLabels: selector }, pod.metadata.labels)) continue;
    const ports = slicePorts(service, pod);
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  if (groups.size === 0) return [sliceOf(service, { ports: slicePorts(service, undefined), pods: [] })];
  return [...groups.values()].map((group) => sliceOf(service, group));
}

/** The number behind a Service's target port in one pod; `undefined` where the pod has no port of that name. */
function targetPortIn(pod: Pod | undefined, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  if (/^\d+$/.test(target)) return Number(target);
  return pod?.spec.containers
    .flatMap(({ ports }) => ports ?? [])
    .find(({ name, protocol = "TCP" }) => name === target && protocol === (port.protocol ?? "TCP"))
    ?.containerPort;
}

function slicePorts({ spec }: Service, pod: Pod | undefined): SlicePorts {
  return (spec.ports ?? []).flatMap((port) => {
    const number = targetPortIn(pod, port);
    if (number === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function sliceOf(
  service: Service,
  { ports, pods }: { readonly ports: SlicePorts; readonly pods: readonly Pod[] },
): EndpointSlice {
  const { name, namespace, uid } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${name}-${safeHash([uid, ports], 5)}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...service.metadata.labels,
        ...headlessLabel(service),
        [SERVICE_NAME]: name,
        [MANAGED_BY]: MANAGER,
      },
      ownerReferences: [controllerReference(service, RESOURCES.services)],
    },
    addressType: "IPv4",
    endpoints: [...pods].sort(byName).map((pod) => endpointOf(service, pod)),
    ports,
  };
}

/** What tells a headless Service's endpoints from those of one with an address. */
export function headlessLabel({ spec }: Service): Record<string, string> {
  return spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {};
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const publishAll = service.spec.publishNotReadyAddresses === true;
  const serving = publishAll || isReady(pod);
  const terminating = deletionTimestamp !== undefined;
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: { ready: serving && (publishAll || !terminating), serving, terminating },
    ...hostnameIn(service, pod),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: {
      kind: "Pod",
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

/** A pod that names the Service as its subdomain has a name of its own below the Service's. */
function hostnameIn({ metadata }: Service, { spec }: Pod): Pick<Endpoint, "hostname"> {
  const { hostname = "", subdomain } = spec;
  return hostname !== "" && subdomain === metadata.name ? { hostname } : {};
}

function byName(one: Pod, other: Pod): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
