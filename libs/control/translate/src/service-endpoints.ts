import { byIdentity, lastCall, steadyList } from "@bookmesh/kernel";
import { SERVICE_NAME, type Endpoint, type EndpointSlice, type Pod } from "@bookmesh/kube-api";
import type { EndpointAddress } from "./endpoint.ts";
import type { MeshPort, MeshService } from "./mesh-service.ts";

/** An address of a service, with the labels of the pod behind it: subsets choose by them. */
export interface LabelledEndpoint extends EndpointAddress {
  readonly labels: Labels;
}

/** Finds the addresses behind services. */
export interface ServiceEndpoints {
  /**
   * In a steady order, so that equal worlds give equal resources. The very same list as in the snapshot before where
   * nothing of it changed.
   */
  endpointsOf(service: MeshService, port: MeshPort): readonly LabelledEndpoint[];
}

const NO_LABELS: Labels = {};

type Labels = Readonly<Record<string, string>>;
/** The labels of a pod by its namespace and name. */
type PodLabels = ReadonlyMap<string, Labels>;
type SlicesByService = ReadonlyMap<string, readonly EndpointSlice[]>;

/** Indexes EndpointSlices by their service, and pods by their name, of one snapshot after the other. */
export function endpointIndexer(): (
  slices: readonly EndpointSlice[],
  pods: readonly Pod[],
) => ServiceEndpoints {
  const group = lastCall(slicesByService);
  const labels = lastCall(labelsOfPods);
  const reader = byIdentity(({ namespace, name }: MeshService, port: MeshPort) => ({
    key: objectKey(namespace, name),
    read: steadyEndpoints(port.name),
  }));
  return lastCall((slices, pods) => {
    const byService = group(slices);
    const podLabels = labels(pods);
    return {
      endpointsOf(service, port) {
        const { key, read } = reader(service, port);
        return read(podLabels, ...(byService.get(key) ?? NO_SLICES));
      },
    };
  });
}

const NO_SLICES: readonly EndpointSlice[] = [];

function slicesByService(slices: readonly EndpointSlice[]): SlicesByService {
  return Map.groupBy(slices, ({ metadata }) =>
    objectKey(metadata.namespace, metadata.labels?.[SERVICE_NAME] ?? ""),
  );
}

function labelsOfPods(pods: readonly Pod[]): PodLabels {
  return new Map(
    pods.map(({ metadata }) => [objectKey(metadata.namespace, metadata.name), metadata.labels ?? NO_LABELS]),
  );
}

/** The endpoints of one port: looked for again when slices or pods changed, and the same list if they say the same. */
type SteadyEndpoints = (
  labels: PodLabels,
  ...slices: readonly EndpointSlice[]
) => readonly LabelledEndpoint[];

function steadyEndpoints(portName: string): SteadyEndpoints {
  const keep = steadyContents();
  return lastCall((labels, ...slices) => keep(endpointsIn(slices, portName, labels)));
}

/** Each endpoint that says what the one before it said is the one before it. */
function steadyContents(): (list: readonly LabelledEndpoint[]) => readonly LabelledEndpoint[] {
  const keep = steadyList<LabelledEndpoint>();
  let before: readonly LabelledEndpoint[] = [];
  return (list) => {
    before = keep(
      list.map((endpoint, index) => (isEqual(endpoint, before[index]) ? before[index] : endpoint)),
    );
    return before;
  };
}

function isEqual(one: LabelledEndpoint, other: LabelledEndpoint | undefined): other is LabelledEndpoint {
  return (
    one.address === other?.address &&
    one.port === other.port &&
    one.isDraining === other.isDraining &&
    one.labels === other.labels
  );
}

function endpointsIn(
  slices: readonly EndpointSlice[],
  portName: string,
  podLabels: PodLabels,
): readonly LabelledEndpoint[] {
  const found = new Map<string, LabelledEndpoint>();
  for (const slice of slices) {
    const port = slice.ports?.find(({ name = "" }) => name === portName)?.port;
    if (port === undefined || slice.addressType === "FQDN") continue;
    for (const { addresses, targetRef, conditions } of listed(slice).filter(takesCalls)) {
      const isDraining = conditions?.terminating === true;
      const pod = objectKey(targetRef?.namespace ?? slice.metadata.namespace, targetRef?.name ?? "");
      const labels = podLabels.get(pod) ?? NO_LABELS;
      for (const address of addresses) found.set(`${address} ${port}`, { address, port, isDraining, labels });
    }
  }
  return [...found.values()].sort(compareAddress);
}

/** The condition of a subset: all of these labels. */
export function hasLabels(wanted: Readonly<Record<string, string>>): (endpoint: LabelledEndpoint) => boolean {
  const entries = Object.entries(wanted);
  return ({ labels }) => entries.every(([key, value]) => labels[key] === value);
}

/** Kubernetes writes `null` for a list that is empty. */
function listed({
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
