import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills the processes of a pod that run a program, if nothing else is said as `kill -9` does; returns how many there were. They are found
 * among this machine's own, in whatever namespace they live: none where the cluster is another machine's.
 */
export function killProcesses(pod: string, program: string, signal: NodeJS.Signals = "SIGKILL"): number {
  const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && runs(name, pod, program));
  for (const pid of found) process.kill(Number(pid), signal);
  return found.length;
}

function runs(pid: string, pod: string, program: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return (
      environment.includes(`HOSTNAME=${pod}`) &&
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(program)
    );
  } catch {
    return false; // it has ended meanwhile, or is another user's
  }
}
