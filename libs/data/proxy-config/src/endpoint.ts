import type { EndpointSpec } from "@bookmesh/proxy-core/clusters";
import { err, ok, type ConfigIssue, type Result } from "@bookmesh/kernel";
import {
  ClusterLoadAssignmentSchema,
  EndpointSchema,
  HealthStatus,
  LbEndpointSchema,
  LocalityLbEndpointsSchema,
  type ClusterLoadAssignment,
  type LbEndpoint,
  type LocalityLbEndpoints,
} from "@bookmesh/xds-api";
import { below, complain, placeOf, refuseFieldsBut, type Place } from "./decode/place.ts";
import { readSocketAddress } from "./decode/values.ts";

/** The accepted endpoints of one cluster. */
export interface AssignmentSpec {
  readonly clusterName: string;
  readonly endpoints: readonly EndpointSpec[];
}

/** Reads the endpoints of a cluster, or says everything that is wrong with them. */
export function decodeAssignment(
  proto: ClusterLoadAssignment,
): Result<AssignmentSpec, readonly ConfigIssue[]> {
  const place = placeOf("endpoints", proto.clusterName);
  const spec = readAssignment(place, proto);
  return place.issues.length > 0 ? err(place.issues) : ok(spec);
}

/** As `decodeAssignment`, for endpoints that stand inside a cluster. */
export function readAssignment(place: Place, proto: ClusterLoadAssignment): AssignmentSpec {
  refuseFieldsBut(place, [ClusterLoadAssignmentSchema, proto], ["cluster_name", "endpoints"]);
  if (proto.clusterName === "") complain(below(place, "cluster_name"), "must not be empty");
  const endpoints = proto.endpoints.flatMap((locality, index) =>
    readLocality(below(place, "endpoints", index), locality),
  );
  return { clusterName: proto.clusterName, endpoints: withoutTwins(endpoints) };
}

function readLocality(place: Place, proto: LocalityLbEndpoints): readonly EndpointSpec[] {
  // A locality's weight counts in locality-weighted balancing only, which clusters may not ask for.
  refuseFieldsBut(
    place,
    [LocalityLbEndpointsSchema, proto],
    ["locality", "metadata", "lb_endpoints", "load_balancing_weight"],
  );
  return proto.lbEndpoints.flatMap((endpoint, index) => {
    const spec = readEndpoint(below(place, "lb_endpoints", index), endpoint);
    return spec ? [spec] : [];
  });
}

function readEndpoint(place: Place, proto: LbEndpoint): EndpointSpec | undefined {
  refuseFieldsBut(
    place,
    [LbEndpointSchema, proto],
    ["endpoint", "health_status", "metadata", "load_balancing_weight"],
  );
  if (proto.hostIdentifier.case !== "endpoint") {
    complain(place, "must have an endpoint");
    return undefined;
  }
  const endpoint = proto.hostIdentifier.value;
  const at = below(place, "endpoint");
  refuseFieldsBut(at, [EndpointSchema, endpoint], ["address", "hostname"]);
  const weight = proto.loadBalancingWeight ?? 1;
  if (weight < 1) complain(below(place, "load_balancing_weight"), "must be at least 1");
  const socket = readSocketAddress(below(at, "address"), endpoint.address);
  return socket && { ...socket, weight, isHealthy: isHealthy(proto.healthStatus) };
}

function isHealthy(status: HealthStatus): boolean {
  return (
    status === HealthStatus.HEALTHY || status === HealthStatus.UNKNOWN || status === HealthStatus.DEGRADED
  );
}

/** One address counts once, in a stable order: policies that take turns then do so across pushes too. */
function withoutTwins(endpoints: readonly EndpointSpec[]): readonly EndpointSpec[] {
  const byAddress = new Map(endpoints.map((endpoint) => [`${endpoint.address}:${endpoint.port}`, endpoint]));
  return [...byAddress.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, endpoint]) => endpoint);
}
