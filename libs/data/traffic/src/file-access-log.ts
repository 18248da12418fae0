import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import type { AccessLogSink } from "./access-log.ts";

/** Lines are gathered to this size or for this long, so that a write serves many. */
const GATHER_BYTES = 64 * 1024;
const GATHER_MS = 250;

/** What a stalled disk may make us keep; lines beyond it are dropped. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Writes lines to a file, or to a stream such as standard output. */
export function fileAccessLog(target: string | Writable): AccessLogSink {
  const stream = typeof target === "string" ? createWriteStream(target, { flags: "a" }) : target;
  let gathered = Buffer.allocUnsafe(GATHER_BYTES);
  let size = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  stream.on("error", () => dropped++); // a log that fails must not stop traffic

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (size === 0) return;
    stream.write(gathered.subarray(0, size));
    gathered = Buffer.allocUnsafe(GATHER_BYTES); // the stream still reads the other
    size = 0;
  };
  return {
    write(line) {
      if (stream.writableLength > MAX_WAITING_BYTES) {
        dropped++;
        return;
      }
      if (size + line.length > GATHER_BYTES) flush();
      if (line.length > GATHER_BYTES) {
        stream.write(Buffer.from(line));
        return;
      }
      gathered.set(line, size);
      size += line.length;
      timer ??= setTimeout(flush, GATHER_MS).unref();
    },
    get dropped() {
      return dropped;
    },
    async close() {
      flush();
      if (typeof target !== "string") return; // not ours to end
      await new Promise<void>((resolve) => stream.end(() => resolve()));
    },
  };
}
