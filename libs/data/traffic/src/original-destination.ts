import type { Socket } from "node:net";
import { canonicalAddress, type SocketPlace } from "@bookmesh/proxy-core";
import { fileDescriptor } from "./file-descriptor.ts";

/** Says where a connection was going before it was redirected here; its own address where it was not. */
export type FindDestination = (socket: Socket) => SocketPlace;

/** `SO_ORIGINAL_DST` and `IP6T_SO_ORIGINAL_DST`. */
const ORIGINAL_DST = 80;

/** `IPPROTO_IP` and `IPPROTO_IPV6`, with the bytes of `struct sockaddr_in` and `struct sockaddr_in6`. */
const FAMILIES = {
  IPv4: { level: 0, size: 16 },
  IPv6: { level: 41, size: 28 },
} as const;

/** Where the structs have their fields. */
const PORT_AT = 2;
const IPV4_AT = 4;
const IPV6_AT = 8;
const IPV6_GROUPS = 8;

/**
 * Makes the function that asks the kernel. Node has no `getsockopt`, so a library that calls C functions is loaded;
 * only where there is a listener that needs it, since it takes some memory.
 */
export async function loadFindDestination(): Promise<FindDestination> {
  if (process.platform !== "linux")
    throw new Error("Redirected connections need Linux: no other kernel says where they were going.");
  const { default: koffi } = await import("koffi");
  const getsockopt = koffi
    .load(null)
    .func("int getsockopt(int fd, int level, int name, _Out_ void *value, _Inout_ uint32_t *size)");
  const answer = Buffer.alloc(FAMILIES.IPv6.size);
  const size = new Uint32Array(1);
  return (socket) => {
    const isIpv6 = socket.localFamily === "IPv6";
    const { level, size: bytes } = isIpv6 ? FAMILIES.IPv6 : FAMILIES.IPv4;
    size[0] = bytes;
    const outcome: unknown = getsockopt(fileDescriptor(socket), level, ORIGINAL_DST, answer, size);
    return outcome === 0 ? readSocketPlace(answer, isIpv6) : ownPlace(socket); // not 0: nothing was ever redirected
  };
}

function readSocketPlace(bytes: Buffer, isIpv6: boolean): SocketPlace {
  const port = bytes.readUInt16BE(PORT_AT);
  if (!isIpv6) return { address: bytes.subarray(IPV4_AT, IPV4_AT + 4).join("."), port };
  const groups = Array.from({ length: IPV6_GROUPS }, (_, index) =>
    bytes.readUInt16BE(IPV6_AT + 2 * index).toString(16),
  );
  return { address: canonicalAddress(groups.join(":")), port };
}

function ownPlace({ localAddress = "", localPort = 0 }: Socket): SocketPlace {
  return { address: canonicalAddress(localAddress), port: localPort };
}
