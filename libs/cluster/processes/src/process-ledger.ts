import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A note on disk of every process group that was started, so that whoever comes next can end what was left. */
export interface ProcessLedger {
  readonly directory: string;
  /** Notes the group that process `pid` leads. */
  enter(pid: number): void;
  strike(pid: number): void;
  /** Kills the groups that are noted and still the same processes. Returns how many there were. */
  endStrays(): number;
}

/** The ledger in `directory`; a note is a file named for the pid with the process's start time in it. */
export function processLedger(directory: string): ProcessLedger {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const fileOf = (pid: number) => join(directory, String(pid));
  return {
    directory,
    enter(pid) {
      const startTime = processStartTime(pid);
      if (startTime !== undefined) writeFileSync(fileOf(pid), `${startTime}\n`);
    },
    strike: (pid) => rmSync(fileOf(pid), { force: true }),
    endStrays() {
      const pids = readdirSync(directory).map(Number).filter(Number.isInteger);
      const strays = pids.filter((pid) => readFileSync(fileOf(pid), "utf8").trim() === processStartTime(pid));
      for (const pid of strays) killGroup(pid, "SIGKILL");
      for (const pid of pids) rmSync(fileOf(pid), { force: true });
      return strays.length;
    },
  };
}

/** Sends a signal to every process of the group; a group that has ended is no failure. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isBeyondReach(error)) throw error;
  }
}

/** The state of a process that has ended and that nobody has asked about yet. */
const ZOMBIE = "Z";

/** When process `pid` began, in clock ticks since the machine did; `undefined` where no such process runs. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2); // the name may hold spaces and parentheses
    const fields = afterName.split(" ");
    return fields[0] === ZOMBIE ? undefined : fields[19];
  } catch {
    return undefined; // it ended: there is nothing to read
  }
}

/** It has ended, or its last process has become somebody else's. */
function isBeyondReach(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}
