import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { systemPath } from "./pod-namespace.ts";
import { receiveSocket } from "./receive-socket.ts";

/** How `/proc/net/tcp` writes that a socket listens. Source: proc_net_tcp in the kernel's documentation. */
const LISTENS = "0A";

/** Connects where it runs, hands the connection to its parent and ends: a socket stays in the network it was made in. */
const DIALLER = `
const socket = new (require("node:net").Socket)({ allowHalfOpen: true }).pause();
socket.once("connect", () => process.send({}, socket, () => process.exit()));
socket.once("error", ({ message }) => process.send({ message }, () => process.exit()));
socket.connect(Number(process.argv[1]), "127.0.0.1");
`;

/** Says whether something listens on `port` in the network of process `pid`. */
export async function listensIn(pid: number, port: number): Promise<boolean> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => "")), // it ended
  );
  return tables.some((table) => hasListener(table, port));
}

/** Reads the table of sockets in `/proc/net/tcp`. */
export function hasListener(table: string, port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").some((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    return state === LISTENS && local.endsWith(suffix);
  });
}

/** Connects to `port` of localhost in the network of process `pid`. */
export function connectIn(pid: number, port: number): Promise<Socket> {
  const words = [`--net=/proc/${pid}/ns/net`, process.execPath, "--eval", DIALLER, String(port)];
  const dialler = spawn("nsenter", words, {
    env: { PATH: systemPath() },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return receiveSocket(dialler, `Port ${port} of the pod cannot be reached.`);
}
