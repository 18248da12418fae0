import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "@bookmesh/installer";
import { systemClock } from "@bookmesh/node-host";
import { print, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";
import { bookmeshHome, projectRoot } from "../home.ts";

/** Longer than the platform needs to end what it started. */
const STOP_MS = 15_000;

/** `bookmesh up`: the platform in the foreground, until Ctrl-C. */
export async function up(flags: readonly string[]): Promise<void> {
  const root = projectRoot();
  const platform = spawn(process.execPath, [join(root, "tools", "start.mjs"), ...flags], {
    cwd: root,
    stdio: "inherit",
  });
  // Ctrl-C reaches the platform by itself; a signal to this process alone is passed on.
  const passOn = (signal: NodeJS.Signals) => platform.kill(signal);
  process.on("SIGTERM", passOn);
  process.on("SIGINT", () => undefined);
  const [exitCode] = (await once(platform, "exit")) as [number | null];
  if (exitCode !== 0) throw new Ended(exitCode ?? EXIT.failure);
}

/** `bookmesh down`: ends the platform that runs in another terminal, and waits for it. */
export async function down(io: ConsoleIo): Promise<void> {
  const file = join(bookmeshHome(io.env), "cluster.json");
  const pid = readPid(file);
  if (pid === undefined || !isPlatform(pid)) {
    rmSync(file, { force: true });
    print(io, "No local cluster is running.");
    return;
  }
  process.kill(pid, "SIGTERM");
  const patience = { clock: systemClock, signal: io.signal, timeoutMs: STOP_MS };
  await waitUntil(`The local cluster (process ${pid}) did not end`, patience, () =>
    Promise.resolve(isRunning(pid) ? { waitingFor: "it still runs" } : { done: true }),
  );
  print(io, "The local cluster has ended; its state is kept.");
}

function readPid(file: string): number | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    const pid = typeof value === "object" && value !== null && "pid" in value ? value.pid : undefined;
    return typeof pid === "number" && Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined; // no file: nothing was started
  }
}

/** A number that a file remembers may belong to somebody else by now. */
function isPlatform(pid: number): boolean {
  if (!isRunning(pid)) return false;
  try {
    return /local-cluster|start\.mjs/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return true; // no /proc on this system: the number is all there is
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process, or not ours
  }
}
