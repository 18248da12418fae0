import type { Subset } from "@bookmesh/mesh-api";
import { clusterPolicy } from "./cluster-policy.ts";
import type { OutboundClusterInputs } from "./cluster.ts";
import type { EncodedResource } from "./encoded-resource.ts";
import type { EndpointAddress, EndpointInputs } from "./endpoint.ts";
import type { Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { outboundCluster } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import { hasLabels, type LabelledEndpoint } from "./service-endpoints.ts";

/** The clusters of services, and their endpoints. */
export interface OutboundClusters {
  readonly clusters: readonly EncodedResource[];
  readonly endpoints: readonly EncodedResource[];
}

/** Translates what callers of one view may call. */
export function outboundClusters(
  index: MeshIndex,
  view: OutboundView,
  { visible, encode }: { readonly visible: readonly MeshService[]; readonly encode: Encoders },
): OutboundClusters {
  const parts = visible.flatMap((service) => clusterParts(service, index, view));
  return {
    clusters: parts.map(({ cluster }) => encode.outboundCluster.of(cluster)),
    endpoints: parts.map(({ endpoints }) => encode.endpoints.of(endpoints)),
  };
}

interface ClusterParts {
  readonly cluster: OutboundClusterInputs;
  readonly endpoints: EndpointInputs;
}

/** For each port of a service: the cluster of all its endpoints, and one for each subset. */
function clusterParts(service: MeshService, index: MeshIndex, view: OutboundView): readonly ClusterParts[] {
  const { rule, trafficPolicy, subsets } = index.policies.policyFor(service, view.namespace);
  const { host, name, namespace } = service;
  const base = { rule, balancing: index.snapshot.meshConfig.defaultLoadBalancer };
  return service.ports.flatMap((port) => {
    const all = index.endpoints.endpointsOf(service, port);
    const partsOf = (subset?: Subset): ClusterParts => ({
      cluster: {
        service: { host, name, namespace },
        port: port.number,
        protocol: port.protocol,
        subset: subset?.name,
        policy: clusterPolicy([trafficPolicy, subset?.trafficPolicy], port.number, base),
      },
      endpoints: {
        cluster: outboundCluster({ host, port: port.number, subset: subset?.name }),
        endpoints: all.filter(hasLabels(subset?.labels ?? {})).map(addressOf),
      },
    });
    return [partsOf(), ...subsets.map(partsOf)];
  });
}

function addressOf({ address, port, isDraining }: LabelledEndpoint): EndpointAddress {
  return { address, port, isDraining };
}
