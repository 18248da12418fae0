import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { hasProgram } from "./has-program.ts";

/** A network namespace with a link to this machine's: a pod's network, for tests. */
export interface PodNetwork {
  /** The pod's addresses, and this machine's on the same link. */
  readonly pod: { readonly v4: string; readonly v6: string };
  readonly peer: { readonly v4: string; readonly v6: string };
  /** The command that runs a command inside. */
  readonly within: readonly string[];
  /** Starts a program inside, waits for its first line, and returns the number of its process. */
  start(...command: string[]): Promise<number>;
  close(): void;
}

/** Whether such networks can be made here. */
export function canMakePodNetworks(): boolean {
  const programs = ["ip", "iptables-restore", "ip6tables-restore"];
  if (process.getuid?.() !== 0 || !programs.every(hasProgram)) return false;
  const name = `bm-try-${process.pid}`;
  try {
    ip("netns", "add", name);
    execFileSync("ip", ["netns", "exec", name, "iptables", "-t", "nat", "-S"], { stdio: "ignore" });
    return true;
  } catch {
    return false; // a container without NET_ADMIN, a kernel without the table: that is the answer
  } finally {
    tryIp("netns", "delete", name);
  }
}

/** Makes one, with these rules for `iptables-restore` and `ip6tables-restore`; `close` takes it away again. */
export function podNetwork(rules: { readonly v4: string; readonly v6: string }): PodNetwork {
  const id = process.pid % 250;
  const name = `bm-dp-${process.pid}`;
  const link = `bmdp${process.pid}`;
  const pod = { v4: `10.199.${id}.2`, v6: `fd00:bd:${id}::2` };
  const peer = { v4: `10.199.${id}.1`, v6: `fd00:bd:${id}::1` };
  const inside = ["netns", "exec", name];
  ip("netns", "add", name);
  ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
  ip("addr", "add", `${peer.v4}/30`, "dev", link);
  ip("addr", "add", `${peer.v6}/64`, "dev", link, "nodad");
  ip("link", "set", link, "up");
  ip("-n", name, "addr", "add", `${pod.v4}/30`, "dev", "eth0");
  ip("-n", name, "addr", "add", `${pod.v6}/64`, "dev", "eth0", "nodad");
  ip("-n", name, "addr", "add", "::6/128", "dev", "lo");
  ip("-n", name, "link", "set", "lo", "up");
  ip("-n", name, "link", "set", "eth0", "up");
  ip("-n", name, "route", "add", "default", "via", peer.v4);
  ip("-n", name, "-6", "route", "add", "default", "via", peer.v6);
  execFileSync("ip", [...inside, "iptables-restore"], { input: rules.v4 });
  execFileSync("ip", [...inside, "ip6tables-restore"], { input: rules.v6 });
  const children: ChildProcess[] = [];
  return {
    pod,
    peer,
    within: ["ip", ...inside],
    async start(...command) {
      const child = spawn("ip", [...inside, ...command], { stdio: ["ignore", "pipe", "inherit"] });
      children.push(child);
      await new Promise((resolve) => child.stdout.once("data", resolve));
      return child.pid ?? 0;
    },
    close() {
      for (const child of children) child.kill("SIGKILL");
      tryIp("link", "delete", link);
      tryIp("netns", "delete", name);
    },
  };
}

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

function tryIp(...words: string[]): void {
  try {
    ip(...words);
  } catch {
    return; // gone already
  }
}
