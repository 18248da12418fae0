import { Host, type Cluster, type Listener, type SocketPlace } from "@bookmesh/proxy-core";
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
  type Recorder,
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const GET = "GET / HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n";
const SOURCE = "127.0.0.6";
const passthrough: Cluster = clusterOf([], {
  name: "PassthroughCluster",
  kind: "passthrough",
  sources: ["::6", SOURCE],
});
const echo: Parameters<typeof recorder>[1] = (socket, received) => void socket.write(`<${received}>`);
const tcpTo = (cluster: Cluster) => ({ tcp: { statPrefix: "tcp", cluster } });
const toPort = (port: number) => clusterOf([new Host("127.0.0.1", port, 1)]);

/** Starts listeners of which the first takes connections that were going to `destination`; returns its port. */
async function redirected(
  destination: SocketPlace,
  listeners: (port: number) => readonly Listener[],
): Promise<Awaited<ReturnType<typeof startTraffic>> & { readonly port: number }> {
  const port = await freePort();
  const started = await startTraffic(cleanup, listeners(port), {
    loadFindDestination: () => Promise.resolve(() => destination),
  });
  return { ...started, port };
}

/** The listener that takes what the application sends. */
function outbound(port: number, changes: Partial<Listener> = {}): Listener {
  return {
    name: "virtualOutbound",
    address: "127.0.0.1",
    port,
    direction: "outbound",
    isForwardProxy: false,
    redirection: "allListeners",
    ...tcpTo(passthrough),
    ...changes,
  };
}

/** Where an upstream listens, as an original destination. */
const placeOf = ({ port }: Recorder): SocketPlace => ({ address: "127.0.0.1", port });

describe("a redirected connection", () => {
  it("passes as bytes to where it was going, from the cluster's source address", async () => {
    const upstream = await recorder(cleanup, echo);
    const { port } = await redirected(placeOf(upstream), (own) => [outbound(own)]);
    const client = await rawClient(cleanup, port);
    client.send("hello");
    await client.sees(/<hello>$/);
    expect(upstream.sockets[0]?.remoteAddress).toBe(SOURCE);
  });

  it("passes HTTP to where it was going, whatever its Host says, and keeps the connection for the next", async () => {
    const upstream = await recorder(cleanup);
    const { port, log } = await redirected(placeOf(upstream), (own) => [
      { ...httpListener(own, routeTo(passthrough)), redirection: "ownChains" },
    ]);
    for (const connection of [0, 1]) {
      const client = await rawClient(cleanup, port);
      client.send(GET);
      await client.sees(/ok$/);
      expect(log[connection]).toMatchObject({
        authority: "elsewhere.test",
        downstreamLocalAddress: `127.0.0.1:${upstream.port}`,
        upstreamHost: `127.0.0.1:${upstream.port}`,
      });
    }
    expect(upstream.sockets).toHaveLength(1);
  });

  it("goes to the listener that has no socket and its address", async () => {
    const service = await recorder(cleanup, echo);
    const { port } = await redirected({ address: "10.96.0.9", port: 9000 }, (own) => [
      outbound(own),
      {
        name: "10.96.0.9_9000",
        address: "10.96.0.9",
        port: 9000,
        direction: "outbound",
        isForwardProxy: false,
        hasSocket: false,
        ...tcpTo(toPort(service.port)),
      },
    ]);
    const client = await rawClient(cleanup, port);
    client.send("query");
    await client.sees(/<query>$/);
  });

  it("is closed where its port leads to the black hole", async () => {
    const { port } = await redirected({ address: "127.0.0.1", port: 15_001 }, (own) => [
      outbound(own, {
        chainsByPort: new Map([
          [
            15_001,
            {
              name: "blackhole",
              direction: "outbound",
              isForwardProxy: false,
              ...tcpTo(clusterOf([], { kind: "blackhole" })),
            },
          ],
        ]),
      }),
    ]);
    const client = await rawClient(cleanup, port);
    await client.ended();
  });

  it("never makes the proxy dial itself", async () => {
    const port = await freePort();
    const { traffic } = await startTraffic(cleanup, [outbound(port)], {
      loadFindDestination: () => Promise.resolve(() => ({ address: "127.0.0.1", port })),
    });
    const client = await rawClient(cleanup, port);
    await client.ended();
    expect(traffic.stats.downstreamConnectionsTotal).toBe(1);
  });

  it("keeps its HTTP routes when the listener that they came from has gone", async () => {
    const upstream = await recorder(cleanup);
    const destination = { address: "10.96.0.8", port: 80 };
    const { port, config } = await redirected(destination, (own) => [
      outbound(own),
      { ...httpListener(80, routeTo(toPort(upstream.port))), address: "0.0.0.0", hasSocket: false },
    ]);
    const client = await rawClient(cleanup, port);
    client.send(GET);
    await client.sees(/ok$/);
    const listeners = [outbound(port)];
    config.replace({ listeners, clusters: new Map() });
    client.send(GET);
    await client.sees(/ok[^]*ok$/);
  });
});

describe("a port whose protocol nobody has named", () => {
  const auto = (upstream: Recorder, goesOn: boolean) => (own: number) => [
    {
      ...httpListener(own, routeTo(toPort(upstream.port))),
      ...tcpTo(passthrough),
      redirection: "ownChains" as const,
      inspection: { timeoutMs: 50, goesOn },
    },
  ];

  it("lets a server speak first once the client has been silent for a while", async () => {
    const upstream = await recorder(cleanup, echo);
    const { port } = await redirected(placeOf(upstream), auto(upstream, true));
    const client = await rawClient(cleanup, port);
    await eventually(() => expect(upstream.sockets).toHaveLength(1));
    upstream.sockets[0]?.write("220 ready");
    await client.sees(/220 ready$/);
  });

  it("closes a silent client where it shall not go on", async () => {
    const upstream = await recorder(cleanup, echo);
    const { port } = await redirected(placeOf(upstream), auto(upstream, false));
    const client = await rawClient(cleanup, port);
    client.send("GE");
    await client.ended();
    expect(upstream.sockets).toEqual([]);
  });

  it("passes on what a client says before it ends its side", async () => {
    const upstream = await recorder(cleanup, echo);
    const { port } = await redirected(placeOf(upstream), auto(upstream, true));
    const client = await rawClient(cleanup, port);
    client.socket.end("PUT");
    await client.sees(/<PUT>$/);
    await eventually(() => expect(upstream.sockets[0]?.readableEnded).toBe(true));
    upstream.sockets[0]?.end("bye");
    expect(await client.ended()).toBe("<PUT>bye");
  });
});
