import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { holdDoor } from "./hold-door.ts";
import { systemPath } from "./pod-namespace.ts";

/** What must work, each with the sentence for where it does not. */
const PROGRAMS = ["unshare", "nsenter", "ip", "iptables-restore", "mount", "chroot", "setpriv"];
const TRIAL = `
for program in ${PROGRAMS.join(" ")}; do
  command -v "$program" >/dev/null || { echo "There is no program $program: install the packages util-linux, iproute2 and iptables." >&2; exit 1; }
done
ip link set lo up && ip link add eth0 type veth peer name eth1 && echo 1 >/proc/sys/net/ipv4/ip_forward &&
printf '*nat\\n-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.1:1\\nCOMMIT\\n' | iptables-restore &&
unshare --mount mount -t tmpfs bookmesh /tmp
`;
const TRIAL_LIMIT_MS = 10_000;
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why this machine cannot give a cluster a network of its own, as a sentence; `undefined` where it can. */
export function whyNoNetns(): string | undefined {
  if (process.platform !== "linux") return `Network namespaces are Linux', and this is ${process.platform}.`;
  const [program, ...words] = intoNamespace(["/bin/sh", "-c", TRIAL]);
  const { error, status, stderr } = spawnSync(program, words, {
    env: { ...process.env, PATH: systemPath() },
    encoding: "utf8",
    timeout: TRIAL_LIMIT_MS,
  });
  if (error) return `A network namespace cannot be tried: ${error.message}.`;
  return status === 0 ? undefined : `A network namespace cannot be made here. ${stderr.trim()}`;
}

/**
 * Runs a Node program in a network of its own, holds the door to the machine's open for it, and resolves with its exit
 * code. It gets this process's terminal and signals, and ends when this process does.
 */
export async function runInside(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program, ...words] = intoNamespace([process.execPath, ...argv]);
  const child = spawn(program, words, {
    env: { ...env, PATH: systemPath() },
    detached: true, // a signal of the terminal comes once, through this process
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  holdDoor(child);
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Root needs no user namespace, and keeps all users in it. */
function intoNamespace(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return ["unshare", ...asRoot, "--net", "--", ...argv];
}
