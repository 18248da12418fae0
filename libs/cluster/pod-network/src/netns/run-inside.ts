import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { holdDoor } from "./hold-door.ts";
import { systemPath } from "./pod-namespace.ts";
import { userMapping } from "./user-mapping.ts";

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

/** What a cluster would get that asked for a network of its own. */
export interface NetnsOffer {
  /** Why it would get none, as a sentence; absent where it would. */
  readonly whyNone?: string;
  /** Why its pods' programs would all be one user, as a sentence; absent where they would not. */
  readonly whyOneUser?: string;
}

/** Tries what this machine allows. */
export function tryNetns(): NetnsOffer {
  if (process.platform !== "linux")
    return { whyNone: `Network namespaces are Linux', and this is ${process.platform}.` };
  const { flags, whyOne } = userMapping();
  const [program, ...words] = intoNamespace(flags, ["/bin/sh", "-c", TRIAL]);
  const { error, status, stderr } = spawnSync(program, words, {
    env: { ...process.env, PATH: systemPath() },
    encoding: "utf8",
    timeout: TRIAL_LIMIT_MS,
  });
  if (error) return { whyNone: `A network namespace cannot be tried: ${error.message}.` };
  if (status !== 0) return { whyNone: `A network namespace cannot be made here. ${stderr.trim()}` };
  return whyOne === undefined ? {} : { whyOneUser: whyOne };
}

/**
 * Runs a Node program in a network of its own, holds the door to the machine's open for it, and resolves with its exit
 * code. It gets this process's terminal and signals, and ends when this process does.
 */
export async function runInside(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program, ...words] = intoNamespace(userMapping().flags, [process.execPath, ...argv]);
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

function intoNamespace(users: readonly string[], argv: readonly string[]): readonly [string, ...string[]] {
  return ["unshare", ...users, "--net", "--", ...argv];
}
