import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import { killGroup, type ProcessLedger } from "./process-ledger.ts";

/** A command with everything that its process gets. */
export interface GroupCommand {
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly stdio: StdioOptions;
}

/** A process and all that it starts, as one process group. */
export interface ChildGroup {
  readonly child: ChildProcess;
  /** Resolves with the exit code when the leader has ended; 128 + n where signal n ended it. */
  readonly exited: Promise<number>;
  /** Sends a signal to the whole group. */
  signal(name: NodeJS.Signals): void;
}

/** Starts a command as the leader of a group of its own. Rejects with a sentence where it cannot be started. */
export async function startGroup(command: GroupCommand, ledger: ProcessLedger): Promise<ChildGroup> {
  const [program, ...args] = command.argv;
  const child = spawn(program, args, {
    env: command.environment,
    cwd: command.workingDirectory,
    stdio: command.stdio,
    detached: true,
  });
  const exited = new Promise<number>((resolve) => {
    child.on("exit", (code, signal) => {
      const { pid } = child;
      if (pid !== undefined) {
        killGroup(pid, "SIGKILL"); // what the leader left behind ends with it
        ledger.strike(pid);
      }
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => reject(new Error(startProblem(program, cause), { cause })));
  });
  child.on("error", () => undefined); // a signal that could not be sent: the exit is what counts
  if (child.pid !== undefined) ledger.enter(child.pid);
  return {
    child,
    exited,
    signal(name) {
      const isRunning = child.exitCode === null && child.signalCode === null;
      if (child.pid !== undefined && isRunning) killGroup(child.pid, name);
    },
  };
}

function startProblem(program: string, cause: Error): string {
  const code = "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return `exec: "${program}": executable file not found in $PATH`;
  if (code === "EACCES") return `exec: "${program}": permission denied`;
  return `exec: "${program}": ${cause.message}`;
}
