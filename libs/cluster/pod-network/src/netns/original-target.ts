import type { Socket } from "node:net";
import koffi, { type KoffiFunc } from "koffi";
import type { Target } from "../target.ts";

/** `IPPROTO_IP`, `SO_ORIGINAL_DST`, and the bytes of `struct sockaddr_in`. */
const LEVEL = 0;
const ORIGINAL_DST = 80;
const BYTES = 16;
const PORT_AT = 2;
const ADDRESS_AT = 4;

/** Where a connection was going before a rule turned it to this process; `undefined` where none did. */
export function originalTarget(socket: Socket): Target | undefined {
  const place = Buffer.alloc(BYTES);
  const size = new Uint32Array([BYTES]);
  const outcome: unknown = getsockopt()(fileDescriptor(socket), LEVEL, ORIGINAL_DST, place, size);
  if (outcome !== 0) return undefined;
  return { host: place.subarray(ADDRESS_AT, ADDRESS_AT + 4).join("."), port: place.readUInt16BE(PORT_AT) };
}

let loaded: KoffiFunc<(...values: unknown[]) => unknown> | undefined;

function getsockopt(): KoffiFunc<(...values: unknown[]) => unknown> {
  loaded ??= koffi
    .load(null)
    .func("int getsockopt(int fd, int level, int name, _Out_ void *value, _Inout_ uint32_t *size)");
  return loaded;
}

function fileDescriptor(socket: Socket): unknown {
  const handle: unknown = Reflect.get(socket, "_handle");
  return typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : -1;
}
