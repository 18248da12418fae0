import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

const SOCKETS = "/proc/net/tcp";

/** Throws a sentence that names the port and its owner, where somebody listens on it already. */
export async function requireFreePort(address: string, port: number): Promise<void> {
  if (await isFree(address, port)) return;
  const owner = portOwner(address, port);
  throw new Error(
    `Port ${port} on ${address} is taken${owner === undefined ? "" : ` by ${owner}`}. ` +
      `End that program, or choose another address: BOOKMESH_ADDRESS=127.0.0.2.`,
  );
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(false);
      else reject(new Error(`${address}:${port} cannot be listened on: ${error.message}`, { cause: error }));
    });
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

/** `process 123 (its command line)` of who listens there; `undefined` where that cannot be seen. */
function portOwner(address: string, port: number): string | undefined {
  if (!existsSync(SOCKETS)) return undefined; // macOS has no such table
  const inode = listeningInode(readFileSync(SOCKETS, "utf8"), address, port);
  if (inode === undefined) return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    if (holdsSocket(pid, inode)) return `process ${pid} (${commandLine(pid)})`;
  return undefined;
}

/** The inode of the socket that listens on the address or on all, from the text of `/proc/net/tcp`. */
export function listeningInode(table: string, address: string, port: number): string | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const places = [`${littleEndianHex(address)}:${hexPort}`, `00000000:${hexPort}`];
  const LISTEN = "0A";
  for (const line of table.split("\n")) {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTEN && places.includes(local)) return inode;
  }
  return undefined;
}

function littleEndianHex(address: string): string {
  return address
    .split(".")
    .toReversed()
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}

function holdsSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`) === `socket:[${inode}]`,
    );
  } catch {
    return false; // ended meanwhile, or somebody else's
  }
}

function commandLine(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean).join(" ").slice(0, 120);
}
