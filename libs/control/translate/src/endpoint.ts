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

/** Builds the EDS resource of one cluster. */
export function translateEndpoints({ cluster, endpoints }: EndpointInputs): ClusterLoadAssignment {
  return create(ClusterLoadAssignmentSchema, {
    clusterName: cluster,
    endpoints: endpoints.length === 0 ? [] : [{ locality: {}, lbEndpoints: endpoints.map(lbEndpoint) }],
  });
}

function lbEndpoint({ address, port, isDraining }: EndpointAddress) {
  return {
    hostIdentifier: { case: "endpoint", value: { address: socketAddress(address, port) } },
    healthStatus: isDraining ? HealthStatus.DRAINING : HealthStatus.HEALTHY,
    loadBalancingWeight: 1,
  } as const;
}
