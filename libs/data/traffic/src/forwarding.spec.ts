import { Host } from "@bookmesh/proxy-core";
import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import {
  Cleanup,
  clusterOf,
  freePort,
  httpListener,
  rawClient,
  recorder,
  routeTo,
  startTraffic,
  type RawClient,
  type Recorder,
  type TestTraffic,
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const GET = "GET /a HTTP/1.1\r\nHost: b.test\r\n\r\n";

interface Scene extends TestTraffic {
  readonly client: RawClient;
  readonly upstream: Recorder;
  readonly port: number;
}

/** A client, the proxy, and an upstream that gives `answer` to each head. */
async function scene(answer?: string): Promise<Scene> {
  const upstream = await recorder(
    cleanup,
    answer === undefined
      ? undefined
      : (socket, received) => {
          if (received.includes("\r\n\r\n")) socket.write(answer, "latin1");
        },
  );
  const port = await freePort();
  const host = new Host("127.0.0.1", upstream.port, 1);
  const started = await startTraffic(cleanup, [httpListener(port, routeTo(clusterOf([host])))]);
  return { ...started, upstream, port, client: await rawClient(cleanup, port) };
}

describe("a forwarded request", () => {
  it("arrives with the mesh's fields, and its answer leaves with them", async () => {
    const { client, upstream } = await scene();
    client.send(GET);
    const answer = await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(
      /^GET \/a HTTP\/1\.1\r\nhost: b\.test\r\nx-request-id: [0-9a-f-]{36}\r\nx-forwarded-proto: http\r\nx-envoy-attempt-count: 1\r\n\r\n$/,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\n/);
    expect(answer).toMatch(/\r\nx-envoy-upstream-service-time: \d+\r\n/);
    expect(answer).toMatch(/\r\ndate: [A-Z][a-z]{2}, /);
    expect(answer).toMatch(/\r\nserver: istio-envoy\r\n/);
  });

  it.each([
    { name: "fields of one connection", field: "Keep-Alive: x", gone: "keep-alive" },
    {
      name: "an h2c upgrade",
      field: "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: a",
      gone: "h2c",
    },
    { name: "Envoy's own fields", field: "X-Envoy-Original-Path: /admin", gone: "original-path" },
    {
      name: "a client certificate that nobody checked",
      field: "X-Forwarded-Client-Cert: By=a",
      gone: "client-cert",
    },
    { name: "an expectation", field: "Expect: 100-continue", gone: "expect" },
  ])("loses $name", async ({ field, gone }) => {
    const { client, upstream } = await scene();
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`);
    await client.sees(/ok$/);
    expect(upstream.received[0]?.toLowerCase()).not.toContain(gone);
  });

  it("keeps what Connection names beyond the standard's own fields", async () => {
    const { client, upstream } = await scene();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: authorization\r\nAuthorization: secret\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toContain("Authorization: secret\r\n");
  });

  it("keeps x-forwarded-for, to which the edge alone appends, and the client's request id", async () => {
    const { client, upstream } = await scene();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Request-Id: mine\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toContain("X-Forwarded-For: 1.2.3.4\r\n");
    expect(upstream.received[0]?.match(/x-request-id/gi)).toHaveLength(1);
  });

  it("takes an absolute target's authority for Host", async () => {
    const { client, upstream } = await scene();
    client.send("GET http://c.test/x?y HTTP/1.1\r\nHost: other\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(/^GET \/x\?y HTTP\/1\.1\r\nhost: c\.test\r\n/);
    expect(upstream.received[0]).not.toContain("other");
  });

  it("sends a chunked body on, without extensions and trailers", async () => {
    const { client, upstream } = await scene();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n");
    await eventually(() => expect(upstream.received[0]).toContain("5\r\nhello\r\n"));
    client.send("1\r\n!\r\n0\r\nTrailer: t\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(/\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n$/);
  });

  it("sends 100 Continue itself and then the body on", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.endsWith("body")) socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    const port = await freePort();
    const cluster = clusterOf([new Host("127.0.0.1", upstream.port, 1)]);
    await startTraffic(cleanup, [httpListener(port, routeTo(cluster))]);
    const client = await rawClient(cleanup, port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    await client.sees(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send("body");
    await client.sees(/HTTP\/1\.1 204 /);
  });

  it("arrives whole although it comes octet by octet", async () => {
    const { client, upstream } = await scene();
    for (const octet of "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\n")
      client.send(octet);
    await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(/^POST \/slow [^]*\r\n\r\n\r\n\r\n$/);
  });

  it("is answered in order with those behind it in one read", async () => {
    const { client, upstream } = await scene();
    client.send(["/1", "/2", "/3"].map((path) => GET.replace("/a", path)).join(""));
    await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(3));
    expect(upstream.received.join("").match(/GET \/\d/g)).toEqual(["GET /1", "GET /2", "GET /3"]);
    expect(upstream.received).toHaveLength(1);
  });

  it("is cancelled when its client ends its side", async () => {
    const SILENCE = "";
    const { client, log } = await scene(SILENCE);
    client.socket.end(GET);
    expect(await client.ended()).toBe("");
    await eventually(() => expect(log.map(({ responseFlags }) => responseFlags)).toEqual(["DC"]));
  });

  it("of eight megabytes passes an upstream that reads late", async () => {
    const size = 8 * 1024 * 1024;
    let headBytes = 0;
    const upstream = await recorder(cleanup, (socket, received) => {
      headBytes ||= received.length;
      if (received.length === headBytes + size) socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    const port = await freePort();
    const cluster = clusterOf([new Host("127.0.0.1", upstream.port, 1)]);
    await startTraffic(cleanup, [httpListener(port, routeTo(cluster))]);
    const client = await rawClient(cleanup, port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    await eventually(() => expect(upstream.received[0]).toMatch(/\r\n\r\n$/));
    upstream.sockets[0]?.pause();
    client.send("x".repeat(size));
    await eventually(() => expect(client.socket.bytesWritten).toBeGreaterThan(size));
    upstream.sockets[0]?.resume();
    await client.sees(/HTTP\/1\.1 204 /);
  });

  it("is logged and counted", async () => {
    const { client, log, traffic } = await scene();
    client.send(GET);
    await client.sees(/ok$/);
    expect(log).toMatchObject([
      { method: "GET", path: "/a", authority: "b.test", responseCode: 200, responseFlags: "-", bytesSent: 2 },
    ]);
    const [route] = [...traffic.stats.routes()];
    expect(route?.cluster).toBe("outbound|80||test");
    expect(route?.byCode).toEqual(new Map([[200, 1]]));
  });
});

describe("an answer", () => {
  it.each([
    {
      name: "204 has no body",
      answer: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
      end: /204 No Content[^]*\r\n\r\n$/,
    },
    {
      name: "304 has no body",
      answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
      end: /Content-Length: 9[^]*\r\n\r\n$/,
    },
    {
      name: "interim answers are left out",
      answer: "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
      end: /^HTTP\/1\.1 200 [^]*\r\n\r\nx$/,
    },
    {
      name: "chunks pass",
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
      end: /transfer-encoding: chunked[^]*\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/,
    },
    {
      name: "server is the mesh's",
      answer: "HTTP/1.1 200 OK\r\nServer: mine\r\nContent-Length: 0\r\n\r\n",
      end: /^(?![^]*mine)[^]*server: istio-envoy\r\n\r\n$/,
    },
  ])("$name", async ({ answer, end }) => {
    const { client } = await scene(answer);
    client.send(GET);
    await client.sees(end);
    expect(client.hasEnded).toBe(false);
  });

  it("to HEAD has no body, whatever its length says", async () => {
    const { client } = await scene("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    client.send(GET.replace("GET", "HEAD"));
    await client.sees(/Content-Length: 100[^]*\r\n\r\n$/);
    client.send(GET.replace("GET", "HEAD"));
    await eventually(() => expect(client.text.match(/Content-Length: 100/g)).toHaveLength(2));
  });

  it("that ends with its connection leaves in chunks", async () => {
    const { client, upstream } = await scene("HTTP/1.1 200 OK\r\n\r\nhello");
    client.send(GET);
    await client.sees(/5\r\nhello\r\n$/);
    upstream.sockets[0]?.end();
    await client.sees(/5\r\nhello\r\n0\r\n\r\n$/);
    expect(client.hasEnded).toBe(false);
  });

  it("to HTTP/1.0 ends with the connection instead of chunks", async () => {
    const { client } = await scene(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    );
    client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    const answer = await client.ended();
    expect(answer).toMatch(/connection: close\r\n\r\nhello$/);
    expect(answer.toLowerCase()).not.toContain("transfer-encoding");
  });

  it("that breaks off cannot be taken for complete", async () => {
    const { client, upstream, log } = await scene(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    );
    client.send(GET);
    await client.sees(/hello\r\n$/);
    upstream.sockets[0]?.destroy();
    expect(await client.ended()).not.toMatch(/0\r\n\r\n$/);
    expect(log).toMatchObject([{ responseCode: 200, responseFlags: "UC" }]);
  });

  it.each([
    { name: "two lengths", answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx" },
    {
      name: "length and chunks",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    },
    { name: "no HTTP", answer: "SSH-2.0-OpenSSH\r\n\r\n" },
    { name: "5,000 fields", answer: `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(5_000)}\r\n` },
    { name: "a 101 that nobody asked for", answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" },
    { name: "interim answers without end", answer: "HTTP/1.1 100 Continue\r\n\r\n".repeat(100) },
  ])("with $name is a 502", async ({ answer }) => {
    const { client, log } = await scene(answer);
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 502 [^]*protocol error$/);
    expect(log).toMatchObject([{ responseFlags: "UPE" }]);
  });

  it("that comes before the whole request closes the connection behind it", async () => {
    const { client } = await scene("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello");
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 413 [^]*connection: close\r\n\r\nno$/);
  });

  it("of eight megabytes passes a client that reads late", async () => {
    const size = 8 * 1024 * 1024;
    const { client } = await scene(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
    client.socket.pause();
    client.send(GET);
    await eventually(() => expect(client.socket.bytesWritten).toBe(GET.length));
    client.socket.resume();
    await eventually(() => expect(client.text.length - client.text.indexOf("\r\n\r\n") - 4).toBe(size));
  });
});
