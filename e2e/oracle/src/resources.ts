import { fromBinary } from "@bufbuild/protobuf";
import { type Any } from "@bufbuild/protobuf/wkt";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  RouteConfigurationSchema,
  TYPE_URLS,
  type Cluster,
  type ClusterLoadAssignment,
  type RouteConfiguration,
} from "@bookmesh/xds-api";

/** What a control plane sends to one sidecar, as far as both of them are compared. */
export interface Resources {
  readonly clusters: readonly Cluster[];
  readonly endpoints: readonly ClusterLoadAssignment[];
  readonly routes: readonly RouteConfiguration[];
}

/** Reads resources by their type. */
export function readResources(ofType: (typeUrl: string) => readonly Any[]): Resources {
  const read = <T>(typeUrl: string, parse: (bytes: Uint8Array) => T) =>
    ofType(typeUrl).map(({ value }) => parse(value));
  return {
    clusters: read(TYPE_URLS.cluster, (bytes) => fromBinary(ClusterSchema, bytes)),
    endpoints: read(TYPE_URLS.endpoint, (bytes) => fromBinary(ClusterLoadAssignmentSchema, bytes)),
    routes: read(TYPE_URLS.route, (bytes) => fromBinary(RouteConfigurationSchema, bytes)),
  };
}
