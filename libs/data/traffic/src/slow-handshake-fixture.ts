import { Socket } from "node:net";
import koffi, { type TypeObject } from "koffi";

/** A connection that the server's kernel has begun to open, and whose client is silent for now. */
export interface SlowHandshake {
  /** Lets the client hear the server; resolves when it is connected, a second later at the most. */
  complete(): Promise<Socket>;
}

const INTERNET = 2;
const STREAM = 1;
const SOCKET = 1;
const ATTACH_FILTER = 26;
const DETACH_FILTER = 27;
/** One instruction: drop. */
const DROP_ALL = Buffer.from([0x06, 0, 0, 0, 0, 0, 0, 0]);
const ADDRESS_BYTES = 16;

/** Begins to connect to a port of 127.0.0.1, and lets the client hear nothing of it. Linux alone. */
export function startSlowHandshake(port: number): SlowHandshake {
  const libc = koffi.load(null);
  const program = koffi.struct({ length: "uint16_t", instructions: "const void *" });
  const setFilter = (value: TypeObject) =>
    libc.func("setsockopt", "int", ["int", "int", "int", koffi.pointer(value), "uint32_t"]);
  const connect = libc.func("int connect(int fd, const void *address, uint32_t bytes)");
  const fd: unknown = libc.func("int socket(int family, int type, int protocol)")(INTERNET, STREAM, 0);
  if (typeof fd !== "number" || fd < 0) throw new Error("The kernel gives no socket.");
  const filter = { length: 1, instructions: DROP_ALL };
  setFilter(program)(fd, SOCKET, ATTACH_FILTER, filter, koffi.sizeof(program));
  const connected = new Promise<void>((resolve, reject) => {
    connect.async(fd, loopback(port), ADDRESS_BYTES, (_: unknown, outcome: number) => {
      if (outcome === 0) resolve();
      else reject(new Error("The client is not let in."));
    });
  });
  return {
    async complete() {
      setFilter(koffi.type("int"))(fd, SOCKET, DETACH_FILTER, [0], Int32Array.BYTES_PER_ELEMENT);
      await connected;
      return new Socket({ fd });
    },
  };
}

/** A `struct sockaddr_in`. */
function loopback(port: number): Buffer {
  const bytes = Buffer.alloc(ADDRESS_BYTES);
  bytes.writeUInt16LE(INTERNET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set([127, 0, 0, 1], 4);
  return bytes;
}
