import type { Readable, Writable } from "node:stream";
import { startGroup, type ProcessLedger } from "@bookmesh/processes";
import { messageOf } from "@bookmesh/kernel";
import type { ContainerRun } from "./container-run.ts";

/** A command to run beside a container. */
export interface ExecRequest {
  readonly command: readonly string[];
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly signal: AbortSignal;
}

/** What a shell answers for a program that cannot be started. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

/** Runs a command with the environment, mounts and working directory of `run`. Its group is killed on abort. */
export async function execInContainer(
  run: ContainerRun,
  { command, stdin, stdout, stderr, signal }: ExecRequest,
  ledger: ProcessLedger,
): Promise<{ readonly exitCode: number }> {
  const [program, ...args] = command;
  if (program === undefined || signal.aborted) return { exitCode: CANNOT_EXECUTE };
  try {
    const group = await startGroup(
      {
        argv: run.enclosure.beside(run.group.child.pid ?? 0, [program, ...args]),
        environment: run.environment,
        workingDirectory: run.enclosure.workingDirectory,
        stdio: [stdin ? "pipe" : "ignore", stdout ? "pipe" : "ignore", stderr ? "pipe" : "ignore"],
      },
      ledger,
    );
    const kill = () => group.signal("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    const { child } = group;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.stdin?.on("error", () => undefined); // the command does not read: its own affair
    for (const output of [child.stdout, child.stderr]) output?.on("error", () => undefined); // the exit is what counts
    if (stdin && child.stdin) stdin.pipe(child.stdin);
    if (stdout) child.stdout?.pipe(stdout, { end: false });
    if (stderr) child.stderr?.pipe(stderr, { end: false });
    const exitCode = await group.exited;
    await closed; // all output has been read
    signal.removeEventListener("abort", kill);
    return { exitCode };
  } catch (error) {
    const message = messageOf(error);
    stderr?.write(`${message}\n`);
    return { exitCode: message.includes("not found") ? NOT_FOUND : CANNOT_EXECUTE };
  }
}
