import { create } from "@bufbuild/protobuf";
import { ClusterLoadAssignmentSchema, HealthStatus, type ClusterLoadAssignment } from "@bookmesh/xds-api";
import { socketAddress } from "./socket-address.ts";

/** One address behind a service's port. */
export interface EndpointAddress {
  readonly address: string;
  readonly port: number;
  /** It is about to end: it finishes what it has and gets nothing new. */
  readonly isDraining: boolean;
}

/** Everything that an EDS resource depends on. It is also the cache key. */
export interface EndpointInputs {
  readonly cluster: string;
  readonly endpoints: readonly EndpointAddress[];
}

/**
 * Builds the EDS resource of one cluster. An address that is about to end gets nothing new, unless all are: then any of
 * them is better than none, as Kubernetes has it for its own Services.
 */
export function translateEndpoints({ cluster, endpoints }: EndpointInputs): ClusterLoadAssignment {
  const allDrain = endpoints.every(({ isDraining }) => isDraining);
  const lbEndpoints = endpoints.map(({ address, port, isDraining }) =>
    lbEndpoint(socketAddress(address, port), isDraining && !allDrain),
  );
  return create(ClusterLoadAssignmentSchema, {
    clusterName: cluster,
    endpoints: endpoints.length === 0 ? [] : [{ locality: {}, lbEndpoints }],
  });
}

function lbEndpoint(address: ReturnType<typeof socketAddress>, isDraining: boolean) {
  return {
    hostIdentifier: { case: "endpoint", value: { address } },
    healthStatus: isDraining ? HealthStatus.DRAINING : HealthStatus.HEALTHY,
    loadBalancingWeight: 1,
  } as const;
}
