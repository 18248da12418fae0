import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { userMapping } from "@bookmesh/pod-network";

/**
 * Removes a file or a directory. What pods have written as users of their own belongs to none that this process is: it
 * is removed where they are mapped again. Throws a sentence where that cannot be.
 */
export function removeState(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { flags, whyOne } = userMapping();
    const isMapped = whyOne === undefined && flags.length > 0;
    if (!isMapped || spawnSync("unshare", [...flags, "--", "rm", "-rf", "--", path]).status !== 0)
      throw new Error(`${path} holds files of pods' own users, who are not mapped now: remove it as root.`, {
        cause: error,
      });
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
}
