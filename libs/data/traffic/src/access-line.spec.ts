import { ByteWindow, MessageHead, readRequestHead } from "@bookmesh/http1";
import { describe, expect, it } from "vitest";
import { AccessLine, type LineFacts } from "./access-line.ts";

const FACTS: LineFacts = {
  responseCode: 200,
  responseFlags: "-",
  bytesReceived: 0,
  bytesSent: 38,
  duration: 4,
  upstreamHost: "127.16.0.3:8080",
  upstreamCluster: "outbound|8080||rating.default.svc.cluster.local",
  downstreamRemoteAddress: "127.144.0.2:40000",
  downstreamLocalAddress: "127.144.0.2:15007",
  routeName: "default",
  attemptCount: 1,
};

const START = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

/** The line of a request with these fields. */
function lineOf(target: string, fields: readonly string[], facts: LineFacts = FACTS): string {
  const text = `GET ${target} HTTP/1.1\r\nHost: rating:8080\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
  const bytes = Buffer.from(text, "latin1");
  const head = new MessageHead();
  readRequestHead(new ByteWindow().move(bytes, 0, bytes.length), head);
  const line = new AccessLine();
  line.begin(head, "id-1", START);
  return Buffer.from(line.end(facts)).toString("latin1");
}

describe("AccessLine", () => {
  it("tells of each request what is its own, whatever the one before was", () => {
    const line = new AccessLine();
    const changes: readonly Partial<LineFacts>[] = [
      {},
      { upstreamCluster: "other", routeName: "" },
      { requestedServerName: "rating" },
      { terminationDetails: "why" },
      { downstreamRemoteAddress: "127.0.0.9:1" },
      { downstreamLocalAddress: "127.0.0.9:2" },
      {},
    ];
    const told = changes.map((change) => {
      line.beginUnread(START);
      return JSON.parse(Buffer.from(line.end({ ...FACTS, ...change })).toString("latin1")) as unknown;
    });
    const alone = changes.map((change) => {
      const fresh = new AccessLine();
      fresh.beginUnread(START);
      return JSON.parse(Buffer.from(fresh.end({ ...FACTS, ...change })).toString("latin1")) as unknown;
    });
    expect(told).toEqual(alone);
    expect(told[1]).toMatchObject({ upstream_cluster: "other", route_name: null });
    expect(told[2]).toMatchObject({ requested_server_name: "rating" });
    expect(told[3]).toMatchObject({ connection_termination_details: "why" });
    expect(told[6]).not.toHaveProperty("requested_server_name");
  });

  it("is one JSON object under Istio's names", () => {
    expect(JSON.parse(lineOf("/rate?a=1", ["User-Agent: curl"]))).toEqual({
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
    { name: "a tabulator", userAgent: "a\tb" },
    { name: "an octet above ASCII", userAgent: "\xe4" },
    { name: "a text longer than its buffer", userAgent: "\xe9".repeat(5_000) },
  ])("keeps $name inside its string and its line", ({ userAgent }) => {
    const line = lineOf("/", [`User-Agent: ${userAgent}`]);
    expect(line).toMatch(/^[ -~]*\n$/);
    expect(JSON.parse(line)).toMatchObject({ user_agent: userAgent });
  });

  it.each([
    { target: "http://rating:8080", path: "/" },
    { target: "http://rating:8080?a=1", path: "/?a=1" },
  ])("shows the path of $target", ({ target, path }) => {
    expect(JSON.parse(lineOf(target, []))).toMatchObject({ path });
  });

  it("escapes what rules have named", () => {
    const routeName = 'a "route"\n';
    expect(JSON.parse(lineOf("/", [], { ...FACTS, routeName }))).toMatchObject({ route_name: routeName });
  });

  it("begins anew for each request, and where no head could be read", () => {
    const line = new AccessLine();
    line.beginUnread(START);
    line.end(FACTS);
    line.beginUnread(START + 2_500);
    const text = Buffer.from(line.end(FACTS)).toString("latin1");
    expect(JSON.parse(text)).toMatchObject({ start_time: "2026-01-02T03:04:07.506Z", method: null });
  });
});
