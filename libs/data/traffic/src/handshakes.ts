import { readFile } from "node:fs/promises";

/** The kernel's tables of TCP sockets, those of this network namespace. */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** `TCP_SYN_RECV`: a first segment has come and been answered, the third has not come yet. */
const HALF_OPEN = "03";

/** A row begins `sl: local_address:port remote_address:port state`, in hexadecimal. */
const ROW = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /;

/** The local ports at which a handshake is under way; none where the kernel does not tell. */
export async function portsInHandshake(): Promise<ReadonlySet<number>> {
  const tables = await Promise.all(TABLES.map((table) => readFile(table, "latin1").catch(() => "")));
  return new Set(tables.flatMap(halfOpenPorts));
}

/** Reads one table. */
export function halfOpenPorts(table: string): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, port = "", state] = ROW.exec(line) ?? [];
    return state === HALF_OPEN ? [Number.parseInt(port, 16)] : [];
  });
}
