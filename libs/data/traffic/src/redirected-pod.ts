import { createServer } from "node:http";
import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { Host, type Cluster, type Listener } from "@bookmesh/proxy-core";
import { serveTraffic } from "./serve-traffic.ts";
import { clusterOf, routeTo } from "./traffic-fixture.ts";

/**
 * A program of the test `kernel-redirection.spec.ts`, for the inside of a pod's network: `application PORT`, an HTTP
 * server that tells who asked; or `proxy PEER PORT`, a sidecar as in mode
 * REDIRECT whose ClusterIP 10.96.0.9 leads to that peer.
 */
const [role, ...words] = process.argv.slice(2);
const port = Number(words.at(-1));

if (role === "application") {
  createServer((request, response) => {
    const { remoteAddress: from, localAddress: at } = request.socket;
    response.end(JSON.stringify({ from, at, headers: request.headers }));
  }).listen({ port, host: "::" }, ready);
} else {
  await serveAsSidecar(words[0] ?? "");
}

function ready(): void {
  process.stdout.write("ready\n");
}

async function serveAsSidecar(peer: string): Promise<void> {
  const passthrough = clusterOf([], { name: "PassthroughCluster", kind: "passthrough" });
  const listeners = [...outbound(passthrough, peer), inbound()];
  const traffic = serveTraffic({
    config: snapshotCell({ listeners, clusters: new Map() }),
    accessLog: { write: () => undefined, dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: Math.random,
    applicationAddress: "127.0.0.1",
    podAddress: "127.0.0.1",
  });
  await traffic.listening();
  process.setuid?.(1337);
  ready();
}

function outbound(passthrough: Cluster, peer: string): readonly Listener[] {
  const common = { direction: "outbound", isForwardProxy: false } as const;
  const blackhole = { name: "virtualOutbound", ...common, ...tcp(clusterOf([], { kind: "blackhole" })) };
  const both = (at: number) => ({ additionalAddresses: [{ address: "::", port: at }] });
  return [
    {
      name: "virtualOutbound",
      ...common,
      ...place("0.0.0.0", 15_001),
      ...both(15_001),
      redirection: "allListeners",
      ...tcp(passthrough),
      chainsByPort: new Map([[15_001, blackhole]]),
    },
    {
      name: "0.0.0.0_80",
      ...common,
      ...place("0.0.0.0", 80),
      ...both(80),
      hasSocket: false,
      ...http(clusterOf([new Host(peer, port, 1)])),
      ...tcp(passthrough),
    },
  ];
}

function inbound(): Listener {
  const common = { name: "virtualInbound", direction: "inbound", isForwardProxy: false } as const;
  const sources = { sources: ["127.0.0.6", "::6"] };
  const passthrough = clusterOf([], { name: "inbound", kind: "passthrough", ...sources });
  return {
    ...common,
    ...place("0.0.0.0", 15_006),
    additionalAddresses: [{ address: "::", port: 15_006 }],
    redirection: "ownChains",
    ...tcp(passthrough),
    chainsByPort: new Map([
      [15_006, { ...common, ...tcp(clusterOf([], { kind: "blackhole" })) }],
      [8080, { ...common, ...http(passthrough), ...tcp(passthrough) }],
    ]),
  };
}

function place(address: string, at: number) {
  return { address, port: at };
}

function tcp(cluster: Cluster) {
  return { tcp: { statPrefix: "tcp", cluster } };
}

function http(cluster: Cluster) {
  const route = routeTo(cluster);
  const routes = { findVirtualHost: () => ({ name: "all", routes: [route], catchAll: route }) };
  return { http: { statPrefix: "http", routeConfigName: "http", routes, writesAccessLog: false } };
}
