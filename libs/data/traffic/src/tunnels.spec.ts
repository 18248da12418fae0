import { Host, type Listener } from "@bookmesh/proxy-core";
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

const UPGRADE = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

type Scene = TestTraffic & { readonly client: RawClient; readonly upstream: Recorder; readonly port: number };

async function scene(
  onData: Parameters<typeof recorder>[1],
  changes: (port: number) => Partial<Listener>,
): Promise<Scene> {
  const upstream = await recorder(cleanup, onData);
  const port = await freePort();
  const cluster = clusterOf([new Host("127.0.0.1", upstream.port, 1)]);
  const started = await startTraffic(cleanup, [httpListener(port, routeTo(cluster), changes(upstream.port))]);
  return { ...started, upstream, port, client: await rawClient(cleanup, port) };
}

const tcpTo = (port: number): Partial<Listener> => ({
  tcp: { statPrefix: "tcp", cluster: clusterOf([new Host("127.0.0.1", port, 1)]) },
});

describe("a WebSocket", () => {
  const chat: Parameters<typeof recorder>[1] = (socket, received) => {
    if (received.endsWith("\r\n\r\n")) socket.write(`${SWITCH}welcome`);
    else socket.write(`<${received.slice(received.indexOf("\r\n\r\n") + 4)}>`);
  };

  it("becomes a tunnel both ways once the upstream agrees", async () => {
    const { client, upstream, log } = await scene(chat, () => ({}));
    client.send(UPGRADE);
    await client.sees(/^HTTP\/1\.1 101 [^]*connection: upgrade\r\nupgrade: websocket\r\n\r\nwelcome$/);
    client.send("hello");
    await client.sees(/<hello>$/);
    expect(upstream.received[0]).toContain("connection: Upgrade\r\nupgrade: websocket\r\n");
    client.socket.end();
    upstream.sockets[0]?.end();
    await eventually(() => expect(log).toMatchObject([{ responseCode: 101, bytesReceived: 5 }]));
  });

  it("holds back what the client sends too early", async () => {
    const { client, upstream } = await scene(
      () => undefined,
      () => ({}),
    );
    client.send(`${UPGRADE}early`);
    await eventually(() => expect(upstream.received[0]).toMatch(/\r\n\r\n$/));
    expect(upstream.received[0]).not.toContain("early");
    upstream.sockets[0]?.write(SWITCH);
    await eventually(() => expect(upstream.received[0]).toMatch(/early$/));
  });

  it("that is refused drops what came early, and closes", async () => {
    const { client, upstream } = await scene(
      () => undefined,
      () => ({}),
    );
    client.send(`${UPGRADE}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    await eventually(() => expect(upstream.received).toHaveLength(1));
    upstream.sockets[0]?.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 403 /);
    expect(upstream.received.join("")).not.toContain("smuggled");
  });
});

describe("raw TCP", () => {
  it("passes both ways, and each side ends for itself", async () => {
    const { client, upstream } = await scene(
      (socket, received) => void socket.write(`<${received}>`),
      (port) => ({ http: undefined, ...tcpTo(port) }) as Partial<Listener>,
    );
    client.send("\x16\x03");
    await client.sees(/<\x16\x03>$/);
    client.socket.end();
    await eventually(() => expect(upstream.sockets[0]?.readableEnded).toBe(true));
    upstream.sockets[0]?.end("last words");
    expect(await client.ended()).toMatch(/last words$/);
  });

  it.each([
    { name: "HTTP/1", text: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", isHttp: true },
    { name: "HTTP/2", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", isHttp: false },
    { name: "TLS", text: "\x16\x03\x01\x02\0\r\n\r\n", isHttp: false },
    { name: "a protocol of lines", text: "GET key\r\n\r\n", isHttp: false },
  ])("is told from HTTP by its first bytes: $name", async ({ text, isHttp }) => {
    const { client, upstream } = await scene(undefined, tcpTo);
    for (const octet of text) client.send(octet);
    await client.sees(/ok$/);
    expect(upstream.received[0]?.includes("x-request-id")).toBe(isHttp);
  });
});

describe("a forward proxy", () => {
  const forward = () => ({ isForwardProxy: true, direction: "outbound" }) as const;

  it("routes a request inside a CONNECT like any other", async () => {
    const { client, upstream } = await scene(undefined, forward);
    client.send("CONNECT b.test:80 HTTP/1.1\r\nHost: b.test:80\r\n\r\n");
    await client.sees(/^HTTP\/1\.1 200 OK\r\n\r\n$/);
    client.send("GET /in HTTP/1.1\r\nHost: b.test\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(/^GET \/in HTTP\/1\.1\r\nhost: b\.test\r\nx-request-id/);
  });

  it("gives the tunnel's authority to a request without a host", async () => {
    const { client, upstream } = await scene(undefined, forward);
    client.send("CONNECT b.test:80 HTTP/1.1\r\nHost: b.test:80\r\n\r\nGET / HTTP/1.0\r\n\r\n");
    await client.sees(/ok$/);
    expect(upstream.received[0]).toContain("host: b.test:80\r\n");
  });

  it("passes other bytes inside a CONNECT untouched", async () => {
    const { client, upstream } = await scene(
      (socket, received) => void socket.write(`<${received}>`),
      forward,
    );
    client.send("CONNECT b.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n\x16\x03\x01");
    await client.sees(/<\x16\x03\x01>$/);
    expect(upstream.received).toEqual(["\x16\x03\x01"]);
  });

  it("dials for a client inside a CONNECT that waits for the server's first word", async () => {
    const { client, upstream } = await scene((socket) => void socket.write("221 bye"), forward);
    client.send("CONNECT mail.test:25 HTTP/1.1\r\nHost: mail.test:25\r\n\r\n");
    await eventually(() => expect(upstream.sockets).toHaveLength(1));
    upstream.sockets[0]?.write("220 mail.test ready\r\n");
    await client.sees(/220 mail\.test ready\r\n$/);
    client.send("GET key\r\n");
    await client.sees(/221 bye$/);
    expect(upstream.received).toEqual(["GET key\r\n"]);
  });

  it("refuses a request for https that is not inside a CONNECT", async () => {
    const { client, upstream } = await scene(undefined, forward);
    client.send("GET https://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n");
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 501 [^]*connection: close\r\n[^]*send CONNECT/);
    expect(upstream.received).toEqual([]);
  });

  it("dials localhost without any routing", async () => {
    const { client, port } = await scene(undefined, forward);
    const local = await recorder(cleanup);
    client.send(`GET http://localhost:${local.port}/x HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await client.sees(/ok$/);
    expect(local.received[0]).toMatch(/^GET \/x HTTP/);
    const loop = await rawClient(cleanup, port);
    loop.send(`GET http://localhost:${port}/ HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await loop.sees(/^HTTP\/1\.1 503 /);
  });

  it("dials the authority that a passthrough cluster is asked for", async () => {
    const outside = await recorder(cleanup);
    const port = await freePort();
    const passthrough = clusterOf([], { name: "PassthroughCluster", kind: "passthrough" });
    await startTraffic(cleanup, [httpListener(port, routeTo(passthrough), forward())]);
    const client = await rawClient(cleanup, port);
    client.send(`GET http://127.0.0.2:${outside.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.sees(/^HTTP\/1\.1 503 /); // nobody listens on that address
    client.send(`GET http://[::ffff:127.0.0.1]:${outside.port}/out HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.sees(/ok$/);
    expect(outside.received[0]).toMatch(/^GET \/out HTTP/);
  });
});
