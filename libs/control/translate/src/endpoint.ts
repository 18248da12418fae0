import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { HealthStatus } from "@bookmesh/xds-api";

/** One address behind a service's port. */
export interface EndpointAddress {
  readonly address: string;
  readonly port: number;
  /** It is about to end: it finishes what it has and gets nothing new. */
  readonly isDraining: boolean;
}

/** Everything that an EDS resource depends on. */
export interface EndpointInputs {
  readonly cluster: string;
  readonly endpoints: readonly EndpointAddress[];
}

/** The numbers of fields. Source: Envoy, the messages that are named. */
const ASSIGNMENT = { clusterName: 1, localities: 2 } as const;
const LOCALITY_LB_ENDPOINTS = { locality: 1, lbEndpoints: 2 } as const;
const LB_ENDPOINT = { endpoint: 1, healthStatus: 2, loadBalancingWeight: 4 } as const;
const SOCKET_ADDRESS = { address: 2, port: 3 } as const;
/** `Endpoint.address`, `Address.socket_address`, and the value of a `UInt32Value`. */
const FIRST = 1;

/**
 * Writes the EDS resource of one cluster, field by field, since a mesh has thousands. An address that is about to end
 * gets nothing new, unless all are: then any of them is better than none, as Kubernetes has it for its own Services.
 */
export function encodeEndpoints({ cluster, endpoints }: EndpointInputs): Uint8Array {
  const writer = new BinaryWriter().tag(ASSIGNMENT.clusterName, WireType.LengthDelimited).string(cluster);
  if (endpoints.length === 0) return writer.finish();
  const allDrain = endpoints.every(({ isDraining }) => isDraining);
  writer.tag(ASSIGNMENT.localities, WireType.LengthDelimited).fork();
  writer.tag(LOCALITY_LB_ENDPOINTS.locality, WireType.LengthDelimited).uint32(0);
  for (const { address, port, isDraining } of endpoints)
    writeEndpoint(writer, { address, port, isDraining: isDraining && !allDrain });
  return writer.join().finish();
}

function writeEndpoint(writer: BinaryWriter, { address, port, isDraining }: EndpointAddress): void {
  writer.tag(LOCALITY_LB_ENDPOINTS.lbEndpoints, WireType.LengthDelimited).fork();
  writer.tag(LB_ENDPOINT.endpoint, WireType.LengthDelimited).fork();
  writer.tag(FIRST, WireType.LengthDelimited).fork().tag(FIRST, WireType.LengthDelimited).fork();
  writer.tag(SOCKET_ADDRESS.address, WireType.LengthDelimited).string(address);
  writer.tag(SOCKET_ADDRESS.port, WireType.Varint).uint32(port).join().join().join();
  const health = isDraining ? HealthStatus.DRAINING : HealthStatus.HEALTHY;
  writer.tag(LB_ENDPOINT.healthStatus, WireType.Varint).int32(health);
  writer.tag(LB_ENDPOINT.loadBalancingWeight, WireType.LengthDelimited).fork();
  writer.tag(FIRST, WireType.Varint).uint32(1).join().join();
}
