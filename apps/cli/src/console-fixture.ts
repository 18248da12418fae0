import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { ConsoleIo } from "./console-io.ts";

/** What a command printed. */
export interface Printed {
  readonly out: string;
  readonly err: string;
}

/** A console that keeps what is printed, for tests; `printed` ends it. */
export function keptConsole({
  stdin = "",
  env = {},
}: { readonly stdin?: string; readonly env?: ConsoleIo["env"] } = {}): {
  readonly io: ConsoleIo;
  readonly printed: () => Promise<Printed>;
} {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const signal = new AbortController().signal;
  const io = { stdin: Readable.from(stdin === "" ? [] : [stdin]), stdout, stderr, env, signal };
  const printed = async () => {
    stdout.end();
    stderr.end();
    return { out: await text(stdout), err: await text(stderr) };
  };
  return { io, printed };
}
