import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./served-app.ts";

/** The state directory: `BOOKMESH_HOME`, or `.bookmesh` in the repository. */
export function homeDirectory(): string {
  return process.env["BOOKMESH_HOME"] ?? join(ROOT, ".bookmesh");
}

/** The process id of the local cluster that runs on `home`; `undefined` where none does. */
export function runningCluster(home: string): number | undefined {
  const file = join(home, "cluster.json");
  if (!existsSync(file)) return undefined;
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null || !("pid" in content)) return undefined;
  return typeof content.pid === "number" && isAlive(content.pid) ? content.pid : undefined;
}

/** Says whether a process exists. */
export function isAlive(pid: number): boolean {
  if (pid <= 0) return false; // such numbers mean groups of processes
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}
