import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import type { AccessLogEntry, AccessLogSink } from "./access-log.ts";

/** Lines are gathered to this size or for this long, so that a write serves many. */
const GATHER_BYTES = 64 * 1024;
const GATHER_MS = 250;

/** What a stalled disk may make us keep; lines beyond it are dropped. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Writes one JSON object a line to a file, or to a stream such as standard output. Quotes and controls are escaped. */
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
    write(entry) {
      const line = accessLogLine(entry);
      if (stream.writableLength > MAX_WAITING_BYTES) {
        dropped++;
        return;
      }
      if (size + line.length > GATHER_BYTES) flush();
      if (line.length > GATHER_BYTES) {
        stream.write(line);
        return;
      }
      size += gathered.write(line, size, "latin1"); // a line is ASCII: all else is escaped
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

/** One entry under the names of Istio's JSON access log. */
export function accessLogLine(entry: AccessLogEntry): string {
  // Put together by hand: an object for JSON.stringify would cost more than the rest of the log.
  return (
    `{"start_time":"${new Date(entry.startTime).toISOString()}","method":${quoted(entry.method)}` +
    `,"path":${quoted(entry.path)},"protocol":${quoted(entry.protocol)}` +
    `,"response_code":${entry.responseCode},"response_flags":${quoted(entry.responseFlags)}` +
    `,"bytes_received":${entry.bytesReceived},"bytes_sent":${entry.bytesSent},"duration":${entry.duration}` +
    `,"x_forwarded_for":${quotedOrNull(entry.forwardedFor)},"user_agent":${quotedOrNull(entry.userAgent)}` +
    `,"request_id":${quotedOrNull(entry.requestId)},"authority":${quotedOrNull(entry.authority)}` +
    `,"upstream_host":${quotedOrNull(entry.upstreamHost)}` +
    `,"upstream_cluster":${quotedOrNull(entry.upstreamCluster)}` +
    `,"downstream_local_address":${quoted(entry.downstreamLocalAddress)}` +
    `,"downstream_remote_address":${quoted(entry.downstreamRemoteAddress)}` +
    `,"route_name":${quotedOrNull(entry.routeName)},"attempt_count":${entry.attemptCount}` +
    optional("requested_server_name", entry.requestedServerName) +
    optional("connection_termination_details", entry.terminationDetails) +
    "}\n"
  );
}

function optional(name: string, text: string | undefined): string {
  return text === undefined ? "" : `,"${name}":${quotedOrNull(text)}`;
}

function quotedOrNull(text: string): string {
  return text === "" ? "null" : quoted(text);
}

/** A JSON string in ASCII; only a text with an odd character needs the escapes of `JSON.stringify`. */
function quoted(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text)
    ? `"${text}"`
    : JSON.stringify(text).replaceAll(/[^ -~]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
