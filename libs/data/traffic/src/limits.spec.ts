import type { Cluster } from "@bookmesh/proxy-core";
import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { GET, hostOn, loadOf, OK, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, clusterOf, freePort, rawClient, recorder, UNLIMITED } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const CLIENTS = 12;

const REFUSED = /503 Service Unavailable\r\n[^]*x-envoy-overloaded: true\r\n[^]*reset reason: overflow$/;

describe("a bulkhead", () => {
  it.each<{ what: string; limits: Cluster["limits"]; served: number }>([
    {
      what: "connections and waiting places",
      limits: { ...UNLIMITED, maxConnections: 2, maxPendingRequests: 3 },
      served: 5,
    },
    { what: "requests", limits: { ...UNLIMITED, maxRequests: 4 }, served: 4 },
    { what: "waiting places alone", limits: { ...UNLIMITED, maxPendingRequests: 0 }, served: 0 },
  ])("of $what lets $served of many in and refuses the others at once (UO)", async ({ limits, served }) => {
    const upstream = await recorder(cleanup, () => undefined);
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }));
    const connected = Math.min(served, limits.maxConnections);
    const clients = [];
    for (let count = 0; count < CLIENTS; count++) {
      const client = await rawClient(cleanup, scene.port);
      client.send(GET);
      clients.push(client);
      if (count < connected) await eventually(() => expect(upstream.received).toHaveLength(count + 1));
    }
    await eventually(() => expect(scene.log).toHaveLength(CLIENTS - served));
    expect(new Set(scene.log.map(({ responseFlags }) => responseFlags))).toEqual(new Set(["UO"]));
    for (const client of clients.slice(served)) await client.sees(REFUSED);
    expect(loadOf(scene)).toMatchObject({ pendingOverflows: CLIENTS - served });

    const answer = setInterval(() => upstream.sockets.forEach((socket) => socket.write(OK)), 20);
    cleanup.add(() => clearInterval(answer));
    for (const client of clients.slice(0, served)) await client.sees(/ok$/);
    await eventually(() => expect(loadOf(scene)).toMatchObject({ activeRequests: 0, pendingRequests: 0 }));
  });

  it.each([
    { what: "requests", limits: { ...UNLIMITED, maxRequests: 0 }, namesHost: true },
    { what: "waiting places", limits: { ...UNLIMITED, maxPendingRequests: 0 }, namesHost: false },
  ])("of $what: the refusal's log line names the host: $namesHost", async ({ limits, namesHost }) => {
    const port = await freePort();
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(port)], { limits }));
    client.send(GET);
    await client.sees(REFUSED);
    expect(log).toMatchObject([{ upstreamHost: namesHost ? `127.0.0.1:${port}` : null }]);
  });

  it("lets each request wait for its own host", async () => {
    const busy = await recorder(cleanup, () => undefined);
    const idle = await recorder(cleanup, (socket) => void socket.write(OK));
    const limits = { ...UNLIMITED, maxConnections: 1 };
    const scene = await proxyTo(cleanup, clusterOf([hostOn(busy.port), hostOn(idle.port)], { limits }));
    const { client, port } = scene;
    client.send(GET);
    await eventually(() => expect(busy.received).toHaveLength(1));
    const other = await rawClient(cleanup, port);
    other.send(GET); // its host has no connection yet and may have one in any case
    await other.sees(/ok$/);
    const waiting = await rawClient(cleanup, port);
    waiting.send(GET);
    await eventually(() => expect(loadOf(scene)).toMatchObject({ pendingRequests: 1 }));
    other.send(GET);
    await eventually(() => expect(other.text.match(/ok/g)).toHaveLength(2));
    expect(waiting.text).toBe("");
    busy.sockets[0]?.write(OK);
    await client.sees(/ok$/);
    await eventually(() => expect(busy.received[0]?.match(/GET/g)).toHaveLength(2));
  });

  it("forgets a waiting request whose client has left", async () => {
    const upstream = await recorder(cleanup, () => undefined);
    const limits = { ...UNLIMITED, maxConnections: 1 };
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }));
    scene.client.send(GET);
    await eventually(() => expect(upstream.received).toHaveLength(1));
    const waiting = await rawClient(cleanup, scene.port);
    waiting.send(GET);
    await eventually(() => expect(loadOf(scene)).toMatchObject({ pendingRequests: 1 }));
    waiting.socket.destroy();
    await eventually(() => expect(loadOf(scene)).toMatchObject({ pendingRequests: 0, activeRequests: 1 }));
    expect(scene.log).toMatchObject([{ responseFlags: "DC" }]);
  });
});

describe("connections to hosts", () => {
  it("close when nobody has used them for the cluster's time", async () => {
    const upstream = await recorder(cleanup);
    const connections = { idleTimeoutMs: 60, maxDurationMs: Infinity };
    const { client, traffic } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { connections }));
    client.send(GET);
    await client.sees(/ok$/);
    await eventually(() => expect(traffic.stats.upstreamConnections).toBe(0));
  });

  it("serve nothing more once they are too old", async () => {
    const upstream = await recorder(cleanup);
    const connections = { idleTimeoutMs: Infinity, maxDurationMs: 1 };
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { connections }));
    for (let count = 1; count <= 3; count++) {
      client.send(GET);
      await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(count));
    }
    expect(upstream.received).toHaveLength(3);
  });

  it("are probed by the kernel where the cluster asks for it", async () => {
    const upstream = await recorder(cleanup);
    const keepAlive = { idleMs: 30_000, intervalMs: 5_000, probes: 3 };
    const connections = { idleTimeoutMs: Infinity, maxDurationMs: Infinity, keepAlive };
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { connections }));
    client.send(GET);
    await client.sees(/ok$/);
  });

  it("that cannot come about cost nobody else his place", async () => {
    const scene = await proxyTo(cleanup, clusterOf([hostOn(await freePort())]));
    scene.client.send(GET);
    await scene.client.sees(/remote connection failure$/);
    expect(loadOf(scene)).toMatchObject({ connections: 0, activeRequests: 0, pendingRequests: 0 });
  });
});
