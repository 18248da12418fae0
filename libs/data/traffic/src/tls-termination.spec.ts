import { execFile } from "node:child_process";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { createRoot, issueServerCertificate } from "@bookmesh/identity";
import { systemClock } from "@bookmesh/node-host";
import { Host, type Listener } from "@bookmesh/proxy-core";
import { indexServerNames, type KeyPair, type SecureChain } from "@bookmesh/proxy-core/tls";
import { eventually, hasProgram } from "@bookmesh/testkit";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  Cleanup,
  clusterOf,
  freePort,
  httpListener,
  rawClient,
  recorder,
  routeTo,
  startTraffic,
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const SETTINGS = {
  minimumVersion: "TLSv1.2",
  maximumVersion: "TLSv1.3",
  applicationProtocols: ["http/1.1"],
} as const;
const OPENSSL = "openssl";
const GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

let root: string;
let issue: (...names: string[]) => Promise<KeyPair>;
let pairs: { readonly a: KeyPair; readonly b: KeyPair };

beforeAll(async () => {
  const options = { lifetimeMs: 3_600_000, clock: systemClock };
  const authority = await createRoot({ ...options, commonName: "test" });
  root = authority.certPem;
  issue = async (...dnsNames) => {
    const { certPem, keyPem } = await issueServerCertificate(authority, { ...options, dnsNames });
    return { certificateChain: certPem, privateKey: keyPem };
  };
  pairs = { a: await issue("a.test", "*.wild.test"), b: await issue("b.test") };
});

/** A listener with chains for some names, each answering with a text of its own. */
function secureListener(
  port: number,
  chains: readonly { readonly names: readonly string[]; readonly keyPair?: KeyPair; readonly body: string }[],
): Listener {
  const plain = httpListener(port, undefined, { direction: "outbound" });
  const entries = chains.map(({ names, keyPair, body }) => {
    const route = {
      name: body,
      matches: () => true,
      action: { kind: "direct", status: 200, body } as const,
    };
    const { http } = httpListener(port, route);
    const chain: SecureChain = {
      name: plain.name,
      direction: "outbound",
      isForwardProxy: false,
      ...(http && { http }),
      tls: { settings: SETTINGS, keyPair },
    };
    return { serverNames: names, chain };
  });
  const { name, address, direction, isForwardProxy } = plain;
  return { name, address, port, direction, isForwardProxy, secure: indexServerNames(entries) };
}

async function start(chains: Parameters<typeof secureListener>[1], changes: Partial<Listener> = {}) {
  const port = await freePort();
  const listener = { ...secureListener(port, chains), ...changes };
  return { port, ...(await startTraffic(cleanup, [listener], { isGateway: true })) };
}

async function tlsClient(port: number, servername: string, options: ConnectionOptions = {}) {
  const socket = connectTls({ port, host: "127.0.0.1", servername, ca: root, ...options });
  cleanup.add(() => socket.destroy());
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  await once(socket, "secureConnect");
  const sees = (pattern: RegExp) => eventually(() => expect(text).toMatch(pattern));
  return { socket, sees };
}

const failure = async (client: Promise<unknown>) =>
  client.then(
    () => "connected",
    (error: unknown) => String(error),
  );

describe("TLS that ends at a gateway", () => {
  it("serves each name with its own certificate and routes, over one connection as often as asked", async () => {
    const { port, traffic } = await start([
      { names: ["a.test", "*.wild.test"], keyPair: pairs.a, body: "from a" },
      { names: ["b.test"], keyPair: pairs.b, body: "from b" },
    ]);
    for (const [name, body] of [
      ["a.test", "from a"],
      ["X.Wild.test", "from a"],
      ["b.test", "from b"],
    ] as const) {
      const client = await tlsClient(port, name);
      expect(client.socket.authorized).toBe(true);
      client.socket.write(GET);
      await client.sees(new RegExp(`${body}$`));
      client.socket.write(GET);
      await client.sees(new RegExp(`${body}[^]*${body}$`));
    }
    expect(traffic.stats.tlsHandshakes).toBe(3);
  });

  it("tells upstream that the client came by https, and carries bodies whole", async () => {
    const body = "x".repeat(300_000);
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.endsWith(`\r\n\r\n${body}`)) socket.write(answer);
    });
    const port = await freePort();
    const route = routeTo(clusterOf([new Host("127.0.0.1", upstream.port, 1)]));
    const { http, ...plain } = httpListener(port, route, { direction: "outbound" });
    if (!http) throw new Error("The listener serves no HTTP.");
    const chain: SecureChain = {
      ...plain,
      http: { ...http, usesRemoteAddress: true },
      tls: { settings: SETTINGS, keyPair: pairs.a },
    };
    const secure = indexServerNames([{ serverNames: [], chain }]);
    const { log } = await startTraffic(cleanup, [{ ...plain, secure }], { isGateway: true });
    const client = await tlsClient(port, "a.test");
    client.socket.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await client.sees(/x{300000}$/);
    expect(upstream.received[0]).toContain("\r\nx-forwarded-proto: https\r\n");
    expect(upstream.received[0]).toContain("\r\nx-envoy-external-address: 127.0.0.1\r\n");
    await eventually(() => expect(log).toMatchObject([{ requestedServerName: "a.test" }]));
  });

  it("goes on with a connection whose certificate is replaced, and serves new ones with the new", async () => {
    const { port, config } = await start([{ names: [], keyPair: pairs.a, body: "old" }]);
    const old = await tlsClient(port, "a.test");
    const renewed = await issue("a.test");
    const listeners = [secureListener(port, [{ names: [], keyPair: renewed, body: "new" }])];
    config.replace({ listeners, clusters: new Map() });
    old.socket.write(GET);
    await old.sees(/new$/);
    const fresh = await tlsClient(port, "a.test");
    const serials = [old, fresh].map(({ socket }) => socket.getPeerCertificate().serialNumber);
    expect(new Set(serials).size).toBe(2);
  });

  it("resumes sessions, but none that was begun under another name", async () => {
    const { port } = await start([
      { names: ["a.test"], keyPair: pairs.a, body: "a" },
      { names: ["b.test"], keyPair: pairs.b, body: "b" },
    ]);
    const first = await tlsClient(port, "a.test");
    const ticket = new Promise<Buffer>((resolve) => first.socket.once("session", resolve));
    first.socket.write(GET);
    const session = await ticket;
    const again = await tlsClient(port, "a.test", { session });
    expect(again.socket.isSessionReused()).toBe(true);
    const elsewhere = await tlsClient(port, "b.test", { session });
    expect(elsewhere.socket.isSessionReused()).toBe(false);
  });

  it("offers HTTP/1.1 and no version of TLS that is not safe", async () => {
    const { port } = await start([{ names: [], keyPair: pairs.a, body: "a" }]);
    const client = await tlsClient(port, "a.test", { ALPNProtocols: ["h2", "http/1.1"] });
    expect(client.socket.alpnProtocol).toBe("http/1.1");
    expect(await failure(tlsClient(port, "a.test", { ALPNProtocols: ["h2"] }))).toMatch(/alert|ECONNRESET/);
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
    expect(await failure(tlsClient(port, "a.test", old))).toMatch(/alert|ECONNRESET|protocol/);
  });

  it("closes what it cannot serve, counts it and says why", async () => {
    const { port, traffic, log } = await start([
      { names: ["a.test"], keyPair: pairs.a, body: "a" },
      { names: ["bare.test"], body: "never" },
    ]);
    expect(await failure(tlsClient(port, "other.test"))).toMatch(/ECONNRESET|disconnected/);
    expect(await failure(tlsClient(port, "bare.test"))).toMatch(/ECONNRESET|disconnected/);
    for (const bytes of [GET, "\x16\x03\x01\x00\x00", "\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00"]) {
      const client = await rawClient(cleanup, port);
      client.send(bytes);
      expect(await client.ended()).toBe("");
    }
    await eventually(() => expect(log).toHaveLength(5));
    expect(
      log.map(({ terminationDetails, requestedServerName }) => [terminationDetails, requestedServerName]),
    ).toEqual([
      ["unknown server name", "other.test"],
      ["no certificate yet", "bare.test"],
      ["no TLS on a port for TLS", undefined],
      ["unreadable ClientHello", undefined],
      ["unreadable ClientHello", undefined],
    ]);
    expect(traffic.stats.refusals.get("unreadable ClientHello")).toBe(2);
    expect(traffic.stats.downstreamConnections).toBe(0);
  });

  it("waits for a ClientHello as long as the listener says, and takes it byte by byte", async () => {
    const inspection = { timeoutMs: 50, goesOn: false };
    const impatient = await start([{ names: [], keyPair: pairs.a, body: "a" }], { inspection });
    const silent = await rawClient(cleanup, impatient.port);
    silent.send("\x16\x03");
    await silent.ended();
    expect(impatient.traffic.stats.refusals.get("slow ClientHello")).toBe(1);
    const { port } = await start([{ names: [], keyPair: pairs.a, body: "a" }]);
    const client = await crumbling(port);
    client.write(GET);
    await once(client, "data");
  });

  it("outlives clients that break off anywhere, and garbage behind a ClientHello", async () => {
    const { port, traffic } = await start([{ names: [], keyPair: pairs.a, body: "a" }]);
    const hello = await helloBytes();
    const garbage = Buffer.concat([hello, Buffer.alloc(20_000, 0x17)]);
    const cuts = [1, 5, 9, 43, hello.length - 1, hello.length, hello.length + 1, garbage.length];
    for (const [index, cut] of [...cuts, ...cuts].entries()) {
      const client = await rawClient(cleanup, port);
      client.socket.write(garbage.subarray(0, cut));
      if (index < cuts.length) client.socket.end();
      else client.socket.resetAndDestroy();
    }
    await eventually(() => expect(traffic.stats.downstreamConnections).toBe(0));
    const client = await tlsClient(port, "a.test");
    client.socket.write(GET);
    await client.sees(/a$/);
  });

  it.skipIf(!hasProgram(OPENSSL))("serves openssl s_client", async () => {
    const { port } = await start([{ names: ["a.test"], keyPair: pairs.a, body: "a" }]);
    const words = [
      "s_client",
      "-connect",
      `127.0.0.1:${port}`,
      "-servername",
      "a.test",
      "-brief",
      "-ign_eof",
    ];
    const said = await new Promise<string>((resolve) => {
      const child = execFile(OPENSSL, words, (_, out, errors) => resolve(out + errors));
      child.stdin?.write("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    });
    expect(said).toContain("CONNECTION ESTABLISHED");
    expect(said).toContain("HTTP/1.1 200 OK");
  });
});

/** A TLS client whose bytes come one at a time. */
async function crumbling(port: number): Promise<TLSSocket> {
  const { socket: raw } = await rawClient(cleanup, port);
  const write = raw.write.bind(raw);
  const crumbs = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      for (const byte of chunk) write(Buffer.of(byte));
      done();
    },
  });
  raw.on("data", (bytes: Buffer) => crumbs.push(bytes));
  const socket = connectTls({ socket: crumbs, servername: "a.test", ca: root });
  cleanup.add(() => socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

/** What a TLS client sends first. */
function helloBytes(): Promise<Buffer> {
  return new Promise((resolve) => {
    const sink = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _, done) {
        resolve(chunk);
        done();
      },
    });
    const socket = connectTls({ socket: sink, servername: "a.test" });
    socket.on("error", () => undefined);
    cleanup.add(() => socket.destroy());
  });
}
