import { SERVICE_NAME, type Endpoint, type EndpointSlice, type Pod } from "@bookmesh/kube-api";
import type { EndpointAddress } from "./endpoint.ts";
import type { MeshPort, MeshService } from "./mesh-service.ts";

/** An address of a service, with the labels of the pod behind it: subsets choose by them. */
export interface LabelledEndpoint extends EndpointAddress {
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds the addresses behind services. */
export interface ServiceEndpoints {
  /** In a steady order, so that equal worlds give equal resources. */
  endpointsOf(service: MeshService, port: MeshPort): readonly LabelledEndpoint[];
}

const NO_LABELS: Readonly<Record<string, string>> = {};

/** Indexes EndpointSlices by their service, and pods by their name. */
export function serviceEndpoints(slices: readonly EndpointSlice[], pods: readonly Pod[]): ServiceEndpoints {
  const byService = Map.groupBy(slices, ({ metadata }) =>
    objectKey(metadata.namespace, metadata.labels?.[SERVICE_NAME] ?? ""),
  );
  const podLabels = new Map(
    pods.map(({ metadata }) => [objectKey(metadata.namespace, metadata.name), metadata.labels ?? NO_LABELS]),
  );
  const labelsOf = ({ targetRef }: Endpoint, namespace: string | undefined) =>
    podLabels.get(objectKey(targetRef?.namespace ?? namespace, targetRef?.name ?? "")) ?? NO_LABELS;
  return {
    endpointsOf(service, port) {
      const found = new Map<string, LabelledEndpoint>();
      for (const slice of byService.get(objectKey(service.namespace, service.name)) ?? []) {
        const target = slice.ports?.find(({ name = "" }) => name === port.name)?.port;
        if (target === undefined || slice.addressType === "FQDN") continue;
        for (const endpoint of endpointsIn(slice).filter(takesCalls)) {
          const isDraining = endpoint.conditions?.terminating === true;
          const labels = labelsOf(endpoint, slice.metadata.namespace);
          for (const address of endpoint.addresses)
            found.set(`${address} ${target}`, { address, port: target, isDraining, labels });
        }
      }
      return [...found.values()].sort(compareAddress);
    },
  };
}

/** The condition of a subset: all of these labels. */
export function hasLabels(wanted: Readonly<Record<string, string>>): (endpoint: LabelledEndpoint) => boolean {
  const entries = Object.entries(wanted);
  return ({ labels }) => entries.every(([key, value]) => labels[key] === value);
}

/** Kubernetes writes `null` for a list that is empty. */
function endpointsIn({
  endpoints,
}: {
  readonly endpoints: EndpointSlice["endpoints"] | null;
}): readonly Endpoint[] {
  return endpoints ?? [];
}

/** Those that are not ready stay out, unless they end: then they keep what they have. */
function takesCalls(endpoint: Endpoint): boolean {
  const { serving = true, terminating = false } = endpoint.conditions ?? {};
  return isReady(endpoint) || (terminating && serving);
}

/** An unknown readiness counts as ready. Source: Kubernetes API, `EndpointConditions`. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

function compareAddress(one: EndpointAddress, other: EndpointAddress): number {
  if (one.address === other.address) return one.port - other.port;
  return one.address < other.address ? -1 : 1;
}

function objectKey(namespace = "default", name: string): string {
  return `${namespace}/${name}`;
}
