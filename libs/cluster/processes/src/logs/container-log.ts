import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Which of its two outputs a program wrote to. */
type LogStream = "stdout" | "stderr";

/** The log of one run of a container: lines of `<time> <stream> F <text>` (`P` for a part of a line), as CRI writes them. */
export interface ContainerLog {
  readonly file: string;
  write(stream: LogStream, chunk: Buffer): void;
  /** Calls `listener` with every line from now on, until the returned function is called. */
  subscribe(listener: (line: string) => void): () => void;
  /** Writes what is left of unfinished lines; `subscribe`rs of `onEnd` are told. */
  end(): void;
  readonly ended: Promise<void>;
}

/** The older file takes as much again, so that a container's run holds at most twice this. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** A longer line is written in parts, as a container runtime does. */
const MAX_LINE_BYTES = 16 * 1024;

const NEWLINE = 0x0a;

/** The name of the file that `file` becomes when it is full. */
export function rotatedFile(file: string): string {
  return `${file}.1`;
}

/** Opens the log that is kept in `file`. */
export function containerLog(file: string): ContainerLog {
  mkdirSync(dirname(file), { recursive: true });
  const listeners = new Set<(line: string) => void>();
  const unfinished: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const ended = Promise.withResolvers<undefined>();
  const store = rotatingFile(file);

  function append(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\n`).join("");
    store(text);
    for (const listener of listeners) for (const line of lines) listener(line);
  }

  function entry(stream: LogStream, tag: "F" | "P", text: Buffer): string {
    return `${new Date().toISOString().slice(0, 23)}000000Z ${stream} ${tag} ${text.toString("utf8")}`;
  }

  return {
    file,
    ended: ended.promise,
    write(stream, chunk) {
      let rest = Buffer.concat([unfinished[stream], chunk]);
      const lines: string[] = [];
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
        lines.push(entry(stream, "F", rest.subarray(0, at)));
        rest = rest.subarray(at + 1);
      }
      for (; rest.length > MAX_LINE_BYTES; rest = rest.subarray(MAX_LINE_BYTES))
        lines.push(entry(stream, "P", rest.subarray(0, MAX_LINE_BYTES)));
      unfinished[stream] = rest;
      append(lines);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end() {
      for (const stream of ["stdout", "stderr"] as const)
        if (unfinished[stream].length > 0) append([entry(stream, "F", unfinished[stream])]);
      ended.resolve(undefined);
    },
  };
}

/**
 * Appends to `file`, which becomes the rotated one when it is full. A pod's last words may come when its directory is
 * gone, and a disk may be full: a log is no reason to fail.
 */
function rotatingFile(file: string): (text: string) => void {
  let sizeBytes = existingSize(file);
  return (text) => {
    try {
      if (sizeBytes > MAX_FILE_BYTES) {
        renameSync(file, rotatedFile(file));
        sizeBytes = 0;
      }
      appendFileSync(file, text);
      sizeBytes += Buffer.byteLength(text);
    } catch {
      // who follows the log still reads these lines; the file goes without them
    }
  };
}

/** Removes both files of a log. */
export function removeLog(file: string): void {
  rmSync(file, { force: true });
  rmSync(rotatedFile(file), { force: true });
}

function existingSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
