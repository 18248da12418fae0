import { spawnSync } from "node:child_process";
import type { AddressFamily } from "@bookmesh/interception-api";

/** The iptables of one family that works here. */
export interface Iptables {
  /** The program that writes rules. */
  readonly program: string;
  /** The rules of table nat as they are. */
  readonly saved: string;
  /** Writes rules, all or none; throws a sentence where it cannot. */
  readonly restore: (rules: string) => void;
}

/** The distribution's choice first, then what uses nftables, then the old kernel interface. */
const VARIANTS = ["", "-nft", "-legacy"];
const SECONDS_FOR_LOCK = "10";
const LIMIT_MS = 30_000;
/** The old interface wants a lock file, and the container's root is read-only. */
const LOCK_FILE = "/dev/shm/xtables.lock";

/** Finds the first variant that can read table nat; throws a sentence where there is none. */
export function findIptables(family: AddressFamily): Iptables {
  const reasons = new Set<string>();
  for (const variant of VARIANTS) {
    const base = `${family === 4 ? "iptables" : "ip6tables"}${variant}`;
    const save = run(`${base}-save`, ["-t", "nat"]);
    if (save.isFine)
      return {
        program: `${base}-restore`,
        saved: save.output,
        restore: (rules) => restore(`${base}-restore`, rules),
      };
    reasons.add(save.reason);
  }
  throw new Error([`Table nat of IPv${family} cannot be read.`, ...reasons].join(" "));
}

function restore(program: string, rules: string): void {
  const written = run(program, ["--noflush", "-w", SECONDS_FOR_LOCK], rules);
  if (written.isFine) return;
  const isUnknownOwner = rules.includes("--uid-owner") && /invalid argument/i.test(written.reason);
  const advice = isUnknownOwner
    ? " Where this user namespace does not map the sidecar's user, give --proxy-source-address."
    : "";
  throw new Error(`The rules cannot be written. ${written.reason}${advice}`);
}

interface Outcome {
  readonly isFine: boolean;
  readonly output: string;
  /** A sentence, where it is not fine. */
  readonly reason: string;
}

function run(program: string, args: readonly string[], input = ""): Outcome {
  const env = { XTABLES_LOCKFILE: LOCK_FILE, ...process.env };
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    ...{ input, env, encoding: "utf8", timeout: LIMIT_MS },
  });
  if (error) return { isFine: false, output: "", reason: reasonOfStart(program, error) };
  return { isFine: status === 0, output: stdout, reason: reasonOf(program, stderr) };
}

function reasonOfStart(program: string, error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return `There is no program ${program}: install the package iptables.`;
  return `${program} cannot be run: ${error.message}.`;
}

function reasonOf(program: string, stderr: string): string {
  const said = stderr.trim().replaceAll("\n", "; ");
  if (/permission denied|not permitted|must be root/i.test(said))
    return `${program} may not: the container needs the capabilities NET_ADMIN and NET_RAW (${said}).`;
  return `${program} says: ${said}.`;
}
