import { byIdentity, steadyList } from "@bookmesh/kernel";
import type { MeshConfig, Subset } from "@bookmesh/mesh-api";
import { ClusterLoadAssignmentSchema, ClusterSchema } from "@bookmesh/xds-api";
import { calledServices, type CalledService } from "./called-services.ts";
import { clusterPolicy } from "./cluster-policy.ts";
import { encodeOwnCluster, type OutboundClusterInputs } from "./cluster.ts";
import type { DestinationPolicy } from "./destination-policies.ts";
import { joinParts, part, type EncodedResource } from "./encoded-resource.ts";
import { encodeEndpoints, type EndpointInputs } from "./endpoint.ts";
import type { Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { outboundCluster } from "./names.ts";
import { hasLabels, type LabelledEndpoint, type ServiceEndpoints } from "./service-endpoints.ts";

/** What callers of one namespace may call. Lists that did not change are the very same lists. */
export interface OutboundClusters {
  readonly services: readonly MeshService[];
  readonly clusters: readonly EncodedResource[];
  readonly endpoints: readonly EncodedResource[];
}

/** Translates what callers of a namespace may call, in one snapshot after the other. */
export type ClusterTranslator = (index: MeshIndex, namespace: string) => OutboundClusters;

/** A translator that makes again what changed, a service at a time. */
export function clusterTranslator(encode: Encoders): ClusterTranslator {
  const partsOf = byIdentity(
    (
      { service, policy }: CalledService,
      meshConfig: MeshConfig,
      ...endpoints: readonly (readonly LabelledEndpoint[])[]
    ) => {
      const parts = clusterParts(service, { ...policy, base: meshConfig.defaultLoadBalancer, endpoints });
      return {
        clusters: parts.map(({ cluster }) => encodeOutbound(cluster, encode)),
        endpoints: parts.map(({ endpoints: inputs }) =>
          joinParts(inputs.cluster, ClusterLoadAssignmentSchema, [part(encodeEndpoints(inputs))]),
        ),
      };
    },
  );
  const steady = byIdentity((called: readonly CalledService[]) => ({
    services: called.map(({ service }) => service),
    clusters: steadyList<EncodedResource>(),
    endpoints: steadyList<EncodedResource>(),
  }));
  const translate = byIdentity(
    (called: readonly CalledService[], endpoints: ServiceEndpoints, meshConfig: MeshConfig) => {
      const parts = called.map((one) => {
        const lists = one.service.ports.map((port) => endpoints.endpointsOf(one.service, port));
        return partsOf(one, meshConfig, ...lists);
      });
      const keep = steady(called);
      return {
        services: keep.services,
        clusters: keep.clusters(parts.flatMap(({ clusters }) => clusters)),
        endpoints: keep.endpoints(parts.flatMap((part) => part.endpoints)),
      };
    },
  );
  const calledIn = calledServices();
  return ({ services, policies, endpoints, snapshot }, namespace) =>
    translate(calledIn(services, policies)(namespace), endpoints, snapshot.meshConfig);
}

function encodeOutbound({ settings, ...own }: OutboundClusterInputs, encode: Encoders): EncodedResource {
  const name = outboundCluster({ ...own, host: own.service.host });
  return joinParts(name, ClusterSchema, [encode.clusterSettings.of(settings), part(encodeOwnCluster(own))]);
}

interface ClusterParts {
  readonly cluster: OutboundClusterInputs;
  readonly endpoints: EndpointInputs;
}

/** For each port of a service: the cluster of all its endpoints, and one for each subset. */
function clusterParts(
  service: MeshService,
  { rule, trafficPolicy, subsets, base: balancing, endpoints }: ServicePolicy,
): readonly ClusterParts[] {
  const { host, name, namespace } = service;
  return service.ports.flatMap((port, at) => {
    const all = endpoints[at] ?? [];
    const partsOf = (subset?: Subset): ClusterParts => ({
      cluster: {
        service: { host, name, namespace },
        port: port.number,
        subset: subset?.name,
        rule,
        settings: {
          protocol: port.protocol,
          ...clusterPolicy([trafficPolicy, subset?.trafficPolicy], port.number, balancing),
        },
      },
      endpoints: {
        cluster: outboundCluster({ host, port: port.number, subset: subset?.name }),
        endpoints: all.filter(hasLabels(subset?.labels ?? {})),
      },
    });
    return [partsOf(), ...subsets.map(partsOf)];
  });
}

interface ServicePolicy extends DestinationPolicy {
  readonly base: MeshConfig["defaultLoadBalancer"];
  /** Of each port. */
  readonly endpoints: readonly (readonly LabelledEndpoint[])[];
}
