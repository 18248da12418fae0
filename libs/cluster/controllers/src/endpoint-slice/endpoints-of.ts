import type { Endpoint, EndpointAddress, Endpoints, EndpointSlice, Service } from "@bookmesh/kube-api";
import { headlessLabel } from "./endpoint-slices-of.ts";

/** The label by which this controller knows its own Endpoints. */
export const ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";
/** Its name in that label. */
export const ENDPOINTS_MANAGER = "endpoint-controller";

type Subset = NonNullable<Endpoints["subsets"]>[number];

/** What a Service's slices say, in the form that older clients read: without endpoints that are on their way out. */
export function endpointsOf(service: Service, slices: readonly EndpointSlice[]): Endpoints {
  const { name, namespace, labels } = service.metadata;
  const subsets = slices.flatMap(subsetOf);
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...headlessLabel(service), [ENDPOINTS_MANAGED_BY]: ENDPOINTS_MANAGER },
    },
    ...(subsets.length > 0 && { subsets }),
  };
}

function subsetOf({ endpoints, ports = [] }: EndpointSlice): readonly Subset[] {
  const addresses = addressesOf(endpoints.filter(({ conditions }) => conditions?.ready === true));
  const notReadyAddresses = addressesOf(
    endpoints.filter(({ conditions }) => conditions?.ready !== true && conditions?.terminating !== true),
  );
  if (addresses.length + notReadyAddresses.length === 0) return [];
  return [
    {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports: ports.map(portOf) }),
    },
  ];
}

/** Here, other than in a slice, a port without a name has no field for it. */
function portOf({ name = "", ...port }: NonNullable<EndpointSlice["ports"]>[number]): typeof port {
  return { ...(name !== "" && { name }), ...port };
}

function addressesOf(endpoints: readonly Endpoint[]): readonly EndpointAddress[] {
  return endpoints
    .flatMap(({ addresses, hostname, nodeName, targetRef }) =>
      addresses.map((ip) => ({
        ip,
        ...(hostname !== undefined && { hostname }),
        ...(nodeName !== undefined && { nodeName }),
        ...(targetRef && { targetRef }),
      })),
    )
    .sort((one, other) => (one.ip < other.ip ? -1 : 1));
}
