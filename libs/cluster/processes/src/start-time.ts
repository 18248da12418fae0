import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** The state of a process that has ended and that nobody has asked about yet. */
const ZOMBIE = "Z";

/** When process `pid` began, as this system tells it; `undefined` where no such process runs. */
type StartTimeOf = (pid: number) => string | undefined;

/** Reads `/proc`, and asks `ps` where there is none (macOS). */
export const processStartTime: StartTimeOf = existsSync("/proc/self/stat") ? startTimeOfProc : startTimeOfPs;

/** In clock ticks since the machine began. */
function startTimeOfProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2); // the name may hold spaces and parentheses
    const fields = afterName.split(" ");
    return fields[0] === ZOMBIE ? undefined : fields[19];
  } catch {
    return undefined; // it ended: there is nothing to read
  }
}

/** As `ps` prints it; its spaces are underlines, so that it is one word. */
export function startTimeOfPs(pid: number): string | undefined {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], {
    env: { ...process.env, LC_ALL: "C" },
    encoding: "utf8",
  });
  const [state = ZOMBIE, ...words] = stdout.trim().split(/\s+/);
  return state.startsWith(ZOMBIE) || words.length === 0 ? undefined : words.join("_");
}
