import { spawn, type ChildProcess } from "node:child_process";
import { shellWord } from "@bookmesh/node-host";

/** A network namespace of a pod, held by a process that ends with this one. */
export interface PodNamespace {
  /** The process that holds it. */
  readonly pid: number;
  /** Resolves when its addresses work. Rejects with a sentence. */
  readonly ready: Promise<void>;
  close(): void;
}

/** What is made for one pod. */
export interface PodWires {
  readonly addresses: readonly string[];
  readonly gateway: string;
  /** The name of the pod's wire at this end: at most 15 characters, one of its own. */
  readonly wire: string;
}

const READY = "ready";

/** Makes the network namespace of a pod, with a wire to this one. */
export function podNamespace(wires: PodWires): PodNamespace {
  const holder = spawn("unshare", ["--net", "/bin/sh", "-c", holderScript(wires)], {
    env: { ...process.env, PATH: systemPath() },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // Ctrl-C in the terminal must not reach it
  });
  holder.stdin.on("error", () => undefined); // it has ended
  return { pid: holder.pid ?? 0, ready: whenReady(holder), close: () => holder.stdin.end() };
}

/** The path with the places where a user's may lack the system's programs. */
export function systemPath(): string {
  return `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
}

/**
 * Routed, not bridged: whatever one pod sends to another passes the rules of the cluster's own network, both ways. The
 * shell is then `cat`, which ends when this process does, however it dies.
 */
function holderScript({ addresses, gateway, wire }: PodWires): string {
  const outside = `nsenter --net=/proc/${process.pid}/ns/net ip`;
  const [first = ""] = addresses;
  return [
    "set -e",
    `ip link add eth0 type veth peer name ${shellWord(wire)} netns ${process.pid}`,
    `${outside} link set ${shellWord(wire)} up`,
    ...addresses.flatMap((address) => [
      `ip address add ${address}/32 dev eth0`,
      `${outside} route replace ${address}/32 dev ${shellWord(wire)} src ${gateway}`,
    ]),
    "ip link set lo up",
    "ip link set eth0 up",
    `ip route add ${gateway}/32 dev eth0 src ${first}`,
    `ip route add default via ${gateway} dev eth0 src ${first}`,
    `echo ${READY}`,
    "exec cat >/dev/null",
  ].join("\n");
}

function whenReady(holder: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    holder.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    holder.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes(READY)) resolve();
    });
    holder.on("error", reject);
    // Not "exit": the complaint may still be on its way.
    holder.on("close", () => reject(new Error(`The pod's network cannot be made. ${complaint.trim()}`)));
  });
}
