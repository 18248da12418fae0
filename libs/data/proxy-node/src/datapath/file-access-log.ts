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
  let gathered = "";
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  stream.on("error", () => dropped++); // a log that fails must not stop traffic

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered !== "") stream.write(gathered);
    gathered = "";
  };
  return {
    write(entry) {
      if (stream.writableLength + gathered.length > MAX_WAITING_BYTES) {
        dropped++;
        return;
      }
      gathered += accessLogLine(entry);
      if (gathered.length >= GATHER_BYTES) flush();
      else timer ??= setTimeout(flush, GATHER_MS).unref();
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
  const { upstreamHost, upstreamCluster, requestId, userAgent, forwardedFor, routeName } = entry;
  return `${JSON.stringify({
    start_time: new Date(entry.startTime).toISOString(),
    method: entry.method,
    path: entry.path,
    protocol: entry.protocol,
    response_code: entry.responseCode,
    response_flags: entry.responseFlags,
    bytes_received: entry.bytesReceived,
    bytes_sent: entry.bytesSent,
    duration: entry.duration,
    x_forwarded_for: forwardedFor || null,
    user_agent: userAgent || null,
    request_id: requestId || null,
    authority: entry.authority || null,
    upstream_host: upstreamHost || null,
    upstream_cluster: upstreamCluster || null,
    downstream_local_address: entry.downstreamLocalAddress,
    downstream_remote_address: entry.downstreamRemoteAddress,
    route_name: routeName || null,
    attempt_count: entry.attemptCount,
  })}\n`;
}
