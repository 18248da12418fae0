import type { Readable, Writable } from "node:stream";

/** Where a command reads and writes: the process's own streams, or a test's. */
export interface ConsoleIo {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Writes one line to standard output. */
export function print(io: ConsoleIo, line: string): void {
  io.stdout.write(`${line}\n`);
}

/** Writes one line to standard error, where scripts do not look for results. */
export function warn(io: ConsoleIo, line: string): void {
  io.stderr.write(`${line}\n`);
}
