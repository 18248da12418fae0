import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStartTime } from "./start-time.ts";

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
export function processLedger(directory: string, startTimeOf = processStartTime): ProcessLedger {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const fileOf = (pid: number) => join(directory, String(pid));
  return {
    directory,
    enter(pid) {
      const startTime = startTimeOf(pid);
      if (startTime !== undefined) writeFileSync(fileOf(pid), `${startTime}\n`);
    },
    strike: (pid) => rmSync(fileOf(pid), { force: true }),
    endStrays() {
      const pids = readdirSync(directory).map(Number).filter(Number.isInteger);
      const strays = pids.filter((pid) => readFileSync(fileOf(pid), "utf8").trim() === startTimeOf(pid));
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

/** It has ended, or its last process has become somebody else's. */
function isBeyondReach(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}
