import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { HealthStatus, LbEndpointSchema } from "@bookmesh/xds-api";
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

/** Writes an endpoint of an EDS resource: those of a subset are among those of its service. */
export function encodeEndpoint({ address, port, isDraining }: EndpointAddress): Uint8Array {
  const message = create(LbEndpointSchema, {
    hostIdentifier: { case: "endpoint", value: { address: socketAddress(address, port) } },
    healthStatus: isDraining ? HealthStatus.DRAINING : HealthStatus.HEALTHY,
    loadBalancingWeight: 1,
  });
  return toBinary(LbEndpointSchema, message);
}

/** The numbers of fields. Source: Envoy, `ClusterLoadAssignment` and `LocalityLbEndpoints`. */
const FIELDS = { clusterName: 1, localities: 2, locality: 1, lbEndpoints: 2 } as const;

/**
 * Writes the EDS resource of one cluster, of endpoints that are written already. An address that is about to end gets
 * nothing new, unless all are: then any of them is better than none, as Kubernetes has it for its own Services.
 */
export function encodeEndpoints(
  { cluster, endpoints }: EndpointInputs,
  encode: (endpoint: EndpointAddress) => Uint8Array,
): Uint8Array {
  const writer = new BinaryWriter().tag(FIELDS.clusterName, WireType.LengthDelimited).string(cluster);
  if (endpoints.length === 0) return writer.finish();
  const allDrain = endpoints.every(({ isDraining }) => isDraining);
  writer.tag(FIELDS.localities, WireType.LengthDelimited).fork();
  writer.tag(FIELDS.locality, WireType.LengthDelimited).bytes(new Uint8Array(0));
  for (const { address, port, isDraining } of endpoints)
    writer
      .tag(FIELDS.lbEndpoints, WireType.LengthDelimited)
      .bytes(encode({ address, port, isDraining: isDraining && !allDrain }));
  return writer.join().finish();
}
