import { existsSync, readFileSync } from "node:fs";
import { PassThrough, type Readable } from "node:stream";
import { rotatedFile, type ContainerLog } from "./container-log.ts";
import { formatLine, parseLogLine, selectLines, type LogLine, type LogSelection } from "./log-lines.ts";

/** How far a follower may fall behind, besides what was there when it came; then it is cut off. */
const MAX_BEHIND_BYTES = 4 * 1024 * 1024;

/** Which part of a log to read. */
export interface LogRequest extends LogSelection {
  readonly file: string;
  readonly limitBytes?: number;
  /** The log to follow, where it shall be followed. */
  readonly follow?: ContainerLog;
  readonly signal: AbortSignal;
}

/** The text of a log; with `follow` also what comes, until the log or the reader ends. */
export function readLog({ file, limitBytes, follow, signal, ...selection }: LogRequest): Readable {
  const output = new PassThrough();
  let leftBytes = limitBytes ?? Number.POSITIVE_INFINITY;
  let maxBehindBytes = Number.POSITIVE_INFINITY; // what is stored has its limit already

  function send(line: LogLine): void {
    if (output.writableEnded) return;
    const text = Buffer.from(formatLine(line, selection.timestamps)).subarray(0, leftBytes);
    leftBytes -= text.length;
    output.write(text);
    if (leftBytes <= 0 || output.writableLength > maxBehindBytes) output.end();
  }

  // Reading and subscribing happen in one turn: no line can come between them.
  const stop = follow?.subscribe((line) => {
    const parsed = parseLogLine(line);
    if (parsed) send(parsed);
  });
  for (const line of selectLines(storedLines(file), selection)) send(line);
  maxBehindBytes = output.writableLength + MAX_BEHIND_BYTES;
  const finish = () => {
    stop?.();
    output.end();
  };
  if (!follow) finish();
  else {
    void follow.ended.then(finish);
    output.on("close", () => stop?.());
    signal.addEventListener("abort", finish, { once: true });
  }
  return output;
}

function storedLines(file: string): readonly LogLine[] {
  return [rotatedFile(file), file]
    .filter((name) => existsSync(name))
    .flatMap((name) => readFileSync(name, "utf8").split("\n"))
    .flatMap((line) => parseLogLine(line) ?? []);
}
