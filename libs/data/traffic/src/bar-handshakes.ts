import type { Server } from "node:net";
import { fileDescriptor } from "./file-descriptor.ts";

/** Lets no further handshake begin at a server that listens; those that have begun complete and are accepted. */
export type BarHandshakes = (server: Server) => void;

/** `SOL_SOCKET` and `SO_ATTACH_FILTER`. */
const SOCKET = 1;
const ATTACH_FILTER = 26;

/** Where a TCP header has its flags, and two of them. */
const FLAGS_AT = 13;
const SYN = 0x02;
const ACK = 0x10;

/** Instructions of the kernel's packet filters, as `linux/bpf_common.h` composes them. */
const LOAD_BYTE = 0x30;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

const DROP = 0;
const TAKE_WHOLE = 0xffff_ffff;

/** A filter of TCP segments that drops those with SYN and without ACK. */
const NO_FIRST_SEGMENTS = [
  { operation: LOAD_BYTE, ifTrue: 0, ifFalse: 0, operand: FLAGS_AT },
  { operation: AND, ifTrue: 0, ifFalse: 0, operand: SYN | ACK },
  { operation: JUMP_IF_EQUAL, ifTrue: 0, ifFalse: 1, operand: SYN },
  { operation: RETURN, ifTrue: 0, ifFalse: 0, operand: DROP },
  { operation: RETURN, ifTrue: 0, ifFalse: 0, operand: TAKE_WHOLE },
] as const;

/**
 * Makes the function that tells the kernel. Node has no `setsockopt`, so a library that calls C functions is loaded.
 * Where there is no Linux, or the library is not made for this machine, the function does nothing: handshakes go on.
 *
 * A client whose first segment is dropped sends it again, after a second as a rule.
 */
export async function loadBarHandshakes(): Promise<BarHandshakes> {
  const library = await import("koffi").catch(() => undefined); // closing must not fail for it
  if (!library || process.platform !== "linux") return () => undefined;
  const { default: koffi } = library;
  const instruction = koffi.struct({
    operation: "uint16_t",
    ifTrue: "uint8_t",
    ifFalse: "uint8_t",
    operand: "uint32_t",
  });
  const program = koffi.struct({ length: "uint16_t", instructions: koffi.pointer(instruction) });
  const parameters = ["int", "int", "int", koffi.pointer(program), "uint32_t"];
  const setsockopt = koffi.load(null).func("setsockopt", "int", parameters);
  const filter = { length: NO_FIRST_SEGMENTS.length, instructions: NO_FIRST_SEGMENTS };
  const bytes = koffi.sizeof(program);
  return (server) => void setsockopt(fileDescriptor(server), SOCKET, ATTACH_FILTER, filter, bytes);
}
