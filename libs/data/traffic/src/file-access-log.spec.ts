import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { AccessLogEntry } from "./access-log.ts";
import { accessLogLine, fileAccessLog } from "./file-access-log.ts";

const ENTRY: AccessLogEntry = {
  startTime: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  method: "GET",
  path: "/rate?a=1",
  protocol: "HTTP/1.1",
  responseCode: 200,
  responseFlags: "-",
  bytesReceived: 0,
  bytesSent: 38,
  duration: 4,
  upstreamHost: "127.16.0.3:8080",
  upstreamCluster: "outbound|8080||rating.default.svc.cluster.local",
  authority: "rating:8080",
  requestId: "id-1",
  userAgent: "curl",
  forwardedFor: "",
  downstreamRemoteAddress: "127.144.0.2:40000",
  downstreamLocalAddress: "127.144.0.2:15007",
  routeName: "default",
  attemptCount: 1,
};

describe("accessLogLine", () => {
  it("is one JSON object under Istio's names", () => {
    expect(JSON.parse(accessLogLine(ENTRY))).toEqual({
      start_time: "2026-01-02T03:04:05.006Z",
      method: "GET",
      path: "/rate?a=1",
      protocol: "HTTP/1.1",
      response_code: 200,
      response_flags: "-",
      bytes_received: 0,
      bytes_sent: 38,
      duration: 4,
      x_forwarded_for: null,
      user_agent: "curl",
      request_id: "id-1",
      authority: "rating:8080",
      upstream_host: "127.16.0.3:8080",
      upstream_cluster: "outbound|8080||rating.default.svc.cluster.local",
      downstream_local_address: "127.144.0.2:15007",
      downstream_remote_address: "127.144.0.2:40000",
      route_name: "default",
      attempt_count: 1,
    });
  });

  it.each([
    { name: "a quote", userAgent: 'a"b' },
    { name: "a backslash", userAgent: "a\\b" },
    { name: "a line break", userAgent: "a\nb" },
    { name: "an escape", userAgent: "\x1b[31m" },
    { name: "an octet above ASCII", userAgent: "\xe4" },
  ])("keeps $name inside its string and its line", ({ userAgent }) => {
    const line = accessLogLine({ ...ENTRY, userAgent });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({ user_agent: userAgent });
  });
});

describe("fileAccessLog", () => {
  it("keeps every line whole and in order, short or longer than what it gathers", async () => {
    const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
    const log = fileAccessLog(stream);
    const userAgents = Array.from({ length: 300 }, (_, index) => `${index}${"é".repeat(index % 50)}`);
    userAgents.splice(150, 0, "long".repeat(20_000));
    for (const userAgent of userAgents) log.write({ ...ENTRY, userAgent });
    await log.close();
    const lines = String(stream.read()).trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(
      userAgents.map((userAgent) => ({ user_agent: userAgent })),
    );
    expect(log.dropped).toBe(0);
  });
});
