import { Host } from "@bookmesh/proxy-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  Cleanup,
  clusterOf,
  freePort,
  httpListener,
  rawClient,
  recorder,
  routeTo,
  startTraffic,
  type Recorder,
  type TestTraffic,
} from "./traffic-fixture.ts";

const sceneCleanup = new Cleanup();
const cleanup = new Cleanup();
let upstream: Recorder;
let port: number;
let log: TestTraffic["log"];

beforeAll(async () => {
  upstream = await recorder(sceneCleanup);
  port = await freePort();
  const host = new Host("127.0.0.1", upstream.port, 1);
  ({ log } = await startTraffic(sceneCleanup, [httpListener(port, routeTo(clusterOf([host])))]));
});
afterAll(() => sceneCleanup.run());
afterEach(() => cleanup.run());

const H = "Host: a.test\r\n";
const CHUNKED = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const post = (fields: string, body = CHUNKED) => `POST / HTTP/1.1\r\n${H}${fields}\r\n\r\n${body}`;

describe("a request that two readers could understand differently", () => {
  it.each([
    { name: "length and chunks", text: post("Content-Length: 5\r\nTransfer-Encoding: chunked"), status: 400 },
    { name: "chunks and length", text: post("Transfer-Encoding: chunked\r\nContent-Length: 5"), status: 400 },
    { name: "two lengths", text: post("Content-Length: 0\r\nContent-Length: 50"), status: 400 },
    { name: "a list of lengths", text: post("Content-Length: 5, 5"), status: 400 },
    { name: "a signed length", text: post("Content-Length: +5"), status: 400 },
    { name: "a length beyond 2^64", text: post("Content-Length: 18446744073709551621"), status: 400 },
    { name: "an empty length", text: post("Content-Length: "), status: 400 },
    { name: "a blank before the colon", text: post("Content-Length : 5"), status: 400 },
    { name: "a tab before the colon", text: post("Transfer-Encoding\t: chunked"), status: 400 },
    {
      name: "two codings in two fields",
      text: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"),
      status: 400,
    },
    { name: "an unknown coding below chunked", text: post("Transfer-Encoding: gzip, chunked"), status: 501 },
    { name: "chunked that is not last", text: post("Transfer-Encoding: chunked, identity"), status: 400 },
    { name: "a vertical tab in the coding", text: post("Transfer-Encoding: \x0bchunked"), status: 400 },
    { name: "a folded coding", text: post("Transfer-Encoding:\r\n chunked"), status: 400 },
    { name: "a bare LF before the coding", text: post("X: y\nTransfer-Encoding: chunked"), status: 400 },
    { name: "a bare CR before the coding", text: post("X: y\rTransfer-Encoding: chunked"), status: 400 },
    { name: "a head that ends with LF LF", text: `GET / HTTP/1.1\n${H}\n`, status: 400 },
    { name: "a head that ends with CR CR LF", text: `GET / HTTP/1.1\r\n${H}\r\r\n`, status: 400 },
    {
      name: "chunks in HTTP/1.0",
      text: `POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n${CHUNKED}`,
      status: 400,
    },
    { name: "no host", text: "GET / HTTP/1.1\r\n\r\n", status: 400 },
    { name: "two hosts", text: `GET / HTTP/1.1\r\n${H}Host: b\r\n\r\n`, status: 400 },
    { name: "a NUL", text: `GET / HTTP/1.1\r\n${H}X: a\0b\r\n\r\n`, status: 400 },
    { name: "a fragment", text: `GET /a#b HTTP/1.1\r\n${H}\r\n`, status: 400 },
    {
      name: "CONNECT to a listener that is no proxy",
      text: `CONNECT b:80 HTTP/1.1\r\n${H}\r\n`,
      status: 400,
    },
    { name: "HTTP/2's preface", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505 },
    { name: "a TLS hello", text: "\x16\x03\x01\x02\0\x01\0\x01\xfc", status: 400 },
    { name: "a target beyond 8 KiB", text: `GET /${"a".repeat(10_000)} HTTP/1.1\r\n${H}\r\n`, status: 414 },
    {
      name: "2,000 fields with a length at the end",
      text: post(`${"a: b\r\n".repeat(2_000)}Content-Length: 5`),
      status: 431,
    },
    {
      name: "a head beyond 60 KiB",
      text: `GET / HTTP/1.1\r\n${H}${`X: ${"a".repeat(20_000)}\r\n`.repeat(4)}\r\n`,
      status: 431,
    },
  ])("is refused: $name", async ({ text, status }) => {
    const before = upstream.received.join("");
    const client = await rawClient(cleanup, port);
    client.send(text);
    const answer = await client.ended();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*connection: close\\r\\n`));
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(upstream.received.join("")).toBe(before);
  });

  it("is logged by itself, not as the request before it", async () => {
    const client = await rawClient(cleanup, port);
    client.send(`GET /good HTTP/1.1\r\n${H}\r\nBAD\r\n\r\n`);
    await client.ended();
    expect(log.slice(-2)).toMatchObject([
      { path: "/good", responseCode: 200, responseFlags: "-" },
      { path: null, responseCode: 400, responseFlags: "DPE", upstreamCluster: null },
    ]);
  });

  it.each([
    { name: "a chunk size with a sign", body: "+5\r\nhello\r\n0\r\n\r\n" },
    { name: "a chunk size in 0x", body: "0x5\r\nhello\r\n0\r\n\r\n" },
    { name: "a bare LF behind a chunk size", body: "5\nhello\r\n0\r\n\r\n" },
    { name: "a chunk that is longer than its size", body: "5\r\nhello!\r\n0\r\n\r\n" },
    { name: "an extension without end", body: `5;${"a".repeat(20_000)}` },
  ])("is refused in its body: $name", async ({ body }) => {
    const client = await rawClient(cleanup, port);
    client.send(post("Transfer-Encoding: chunked", body));
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 [^]*connection: close\r\n/);
    const follow = await rawClient(cleanup, port);
    follow.send(`GET /follow HTTP/1.1\r\n${H}\r\n`);
    await follow.sees(/ok$/);
  });
});
