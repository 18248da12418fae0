import { APPLICATION_OFFSET, FIRST_RANGE, podRange, type PodRange } from "../pod-addresses.ts";
import type { Target } from "../target.ts";

/** No network has these addresses: whatever escapes the mapping fails at once. Source: RFC 1112 §4, class E. */
const FIRST_OCTET = 240;
/** One of the last octet's numbers for each pod, from this one on. */
const FIRST_POD = 2;
const PODS = 253;

/** Above what people's own servers like to take, below node ports (30000) and what systems give to callers. */
const FIRST_PORT = 10_000;
/** What the mesh and the cluster listen on in pods: each has a place of its own. */
const MESH_PORTS = [
  15_000, 15_001, 15_006, 15_007, 15_008, 15_010, 15_012, 15_014, 15_017, 15_020, 15_021, 15_090,
];
/** Any other port is found by its remainder. Ports that differ by 1, 10, 100, 1000 or by 363 (8080, 8443) do not meet. */
const REMAINDERS = 26;
/** The pod IP's other ports, and those of the application address. */
const PORTS_PER_POD = MESH_PORTS.length + 2 * REMAINDERS;

const ADDRESS = new RegExp(`^${FIRST_OCTET}\\.(\\d{1,3})\\.0\\.(\\d{1,3})$`);
const HOST_ADDRESS = /^127\.0\.0\.\d{1,3}$/;

/** The addresses of the pods whose ports are those of `hostAddress`; `undefined` where there are none. */
export function mappedRange(hostAddress: string): PodRange | undefined {
  const range = HOST_ADDRESS.test(hostAddress) ? podRange(hostAddress) : undefined;
  return range && { first: FIRST_OCTET, second: range.second, size: PODS };
}

/**
 * Where `port` of a pod's address really is: a port of the host address. `undefined` where `address` is no pod's. Every
 * process finds the same place by itself. Two ports of one pod that are congruent modulo 26 have the same one: the
 * second program that listens there is refused.
 */
export function mappedPlace(address: string, port: number): Target | undefined {
  const [, secondOctet, lastOctet] = ADDRESS.exec(address) ?? [];
  if (secondOctet === undefined) return undefined;
  const [second, pod] = [Number(secondOctet), Number(lastOctet) - FIRST_POD];
  const isApplication = second >= APPLICATION_OFFSET;
  const cluster = second - FIRST_RANGE - (isApplication ? APPLICATION_OFFSET : 0);
  if (cluster < 0 || pod < 0 || pod >= PODS) return undefined;
  const first = FIRST_PORT + pod * PORTS_PER_POD;
  const isMapped = port >= first && port < first + PORTS_PER_POD; // told as `{port}`, used with the pod's own address
  return {
    host: `127.0.0.${cluster + 1}`,
    port: isMapped ? port : first + portOfPod(port, isApplication),
  };
}

/** The text with every `address:port` of a pod as the place where it really is. */
export function withMappedPlaces(text: string): string {
  return text.replace(/\b(\d+(?:\.\d+){3}):(\d+)\b/g, (whole, address: string, port: string) => {
    const place = mappedPlace(address, Number(port));
    return place ? `${place.host}:${place.port}` : whole;
  });
}

function portOfPod(port: number, isApplication: boolean): number {
  const known = MESH_PORTS.indexOf(port);
  if (known >= 0) return known;
  return MESH_PORTS.length + (isApplication ? REMAINDERS : 0) + (port % REMAINDERS);
}
