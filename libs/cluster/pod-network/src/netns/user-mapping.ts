import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { systemPath } from "./pod-namespace.ts";

/** Which users the programs of a cluster's network can be. */
export interface UserMapping {
  /** What tells `unshare` of them. */
  readonly flags: readonly string[];
  /** Why all of them are one, and what to do about it; absent where they are not. */
  readonly whyOne?: string;
}

/** One user, who becomes root. */
const SELF = ["--user", "--map-root-user"] as const;
/** The others from 1 on, which `newuidmap` may map for who has a range of them. */
const OTHERS = ["--map-auto"] as const;
/** A sidecar's user stands for all: ranges begin at 1, and it is far beyond what systems use. */
const TRIAL = ["setpriv", "--reuid=1337", "--regid=1337", "--clear-groups", "true"] as const;

/** Root needs no mapping, and keeps all users. */
export function userMapping(): UserMapping {
  if (process.getuid?.() === 0) return { flags: [] };
  const { status, stderr, error } = spawnSync("unshare", [...SELF, ...OTHERS, "--", ...TRIAL], {
    env: { ...process.env, PATH: systemPath() },
    encoding: "utf8",
  });
  if (status === 0) return { flags: [...SELF, ...OTHERS] };
  return { flags: SELF, whyOne: whyOneUser(userInfo().username, error?.message ?? stderr.trim()) };
}

/** The sentence for the person who starts the cluster. */
export function whyOneUser(user: string, reason: string): string {
  return (
    `All pods' programs run as one user, whatever runAsUser says (${reason}): for others install newuidmap ` +
    `(package uidmap) and give ${user} a range of 65536 in /etc/subuid and /etc/subgid.`
  );
}
