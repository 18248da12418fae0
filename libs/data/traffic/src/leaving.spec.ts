import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { Host } from "@bookmesh/proxy-core";
import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import type { CrowdOrder } from "./crowd.ts";
import { portsInHandshake } from "./handshakes.ts";
import { startSlowHandshake } from "./slow-handshake-fixture.ts";
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

const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
const AT_ONCE = { minimumMs: 0, maximumMs: 60_000 };
const CLIENTS = 50;
const direct = {
  name: "direct",
  matches: () => true,
  action: { kind: "direct", status: 200, body: "served" } as const,
};
const LAST_ANSWER = /^HTTP\/1\.1 200 [^]*connection: close\r\n\r\nserved$/;

/** Waits until nobody listens on a port. */
async function closed(port: number): Promise<void> {
  await eventually(async () => {
    const socket = connect(port, "127.0.0.1");
    const isConnected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isConnected) throw new Error(`Port ${port} is open.`);
  });
}

function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once("data", (bytes: Buffer) => resolve(bytes.toString("latin1"))));
}

/** Passes connections on to a port, and tells which of their sides ended first. */
async function tapBefore(port: number): Promise<{ readonly port: number; readonly ends: readonly string[] }> {
  const ends: string[] = [];
  const tap = createServer({ allowHalfOpen: true }, (caller) => {
    const called = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    caller.on("end", () => ends.push("caller")).pipe(called);
    called.on("end", () => ends.push("called")).pipe(caller);
  });
  const own = await freePort();
  tap.listen(own, "127.0.0.1");
  cleanup.add(() => tap.close());
  await once(tap, "listening");
  return { port: own, ends };
}

describe("a proxy that leaves", () => {
  it("lets in whom the kernel has told that they are connected", async () => {
    const port = await freePort();
    const { traffic } = await startTraffic(cleanup, [httpListener(port, direct)]);
    const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const crowd = new Worker(new URL("./crowd.ts", import.meta.url));
    const answers = new Promise<readonly string[]>((resolve) => crowd.once("message", resolve));
    const order: CrowdOrder = { port, clients: CLIENTS, state };
    crowd.postMessage(order);
    const drained = traffic.drain(AT_ONCE);
    Atomics.wait(state, 0, 0); // this thread accepts nobody meanwhile
    for (const answer of await answers) expect(answer).toMatch(LAST_ANSWER);
    await drained;
  });

  it.skipIf(process.platform !== "linux")("waits for a client whose handshake has begun", async () => {
    const port = await freePort();
    const { traffic } = await startTraffic(cleanup, [httpListener(port, direct)]);
    const handshake = startSlowHandshake(port);
    await eventually(async () => expect(await portsInHandshake()).toContain(port));
    const drained = traffic.drain(AT_ONCE);
    const client = await handshake.complete();
    cleanup.add(() => client.destroy());
    client.write(POST);
    expect(await firstBytes(client)).toMatch(LAST_ANSWER);
    client.end();
    await drained;
  });

  it("serves a client that is connected and has not said a word yet", async () => {
    const port = await freePort();
    const { traffic } = await startTraffic(cleanup, [httpListener(port, direct)]);
    const client = await rawClient(cleanup, port);
    const drained = traffic.drain(AT_ONCE);
    await closed(port);
    client.send(POST);
    expect(await client.ended()).toMatch(LAST_ANSWER);
    client.socket.end();
    await drained;
  });

  it("serves once more where the answer on its way did not say that it is the last", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      const isFirst = received.indexOf("POST") === received.lastIndexOf("POST");
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n${isFirst ? "ser" : "served"}`);
    });
    const port = await freePort();
    const route = routeTo(clusterOf([new Host("127.0.0.1", upstream.port, 1)]));
    const { traffic } = await startTraffic(cleanup, [httpListener(port, route)]);
    const client = await rawClient(cleanup, port);
    client.send(POST);
    await client.sees(/ser$/);
    const drained = traffic.drain(AT_ONCE);
    await closed(port);
    upstream.sockets[0]?.write("ved");
    expect(await client.sees(/served$/)).not.toContain("connection: close");
    client.send(POST);
    expect(await client.ended()).toMatch(/served[^]*connection: close\r\n\r\nserved$/);
    client.socket.end();
    await drained;
  });

  it("ends no connection that another proxy may just use: that one has ended it before", async () => {
    const [port, outward] = [await freePort(), await freePort()];
    const { traffic } = await startTraffic(cleanup, [httpListener(port, direct)]);
    const tap = await tapBefore(port);
    const route = routeTo(clusterOf([new Host("127.0.0.1", tap.port, 1)]));
    await startTraffic(cleanup, [httpListener(outward, route, { direction: "outbound" })]);
    const client = await rawClient(cleanup, outward);
    client.send(POST);
    await client.sees(/served$/);
    await traffic.drain(AT_ONCE);
    expect(tap.ends).toEqual(["caller", "called"]);
  });
});
