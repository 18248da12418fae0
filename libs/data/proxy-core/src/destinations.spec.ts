import { describe, expect, it } from "vitest";
import { explainDestination } from "./destinations.ts";
import type { Cluster, Listener } from "./proxy-snapshot.ts";

function cluster(name: string): Cluster {
  return {
    name,
    kind: "hosts",
    connectTimeoutMs: 1,
    hosts: [],
    pickHost: () => undefined,
    limits: {
      maxConnections: Infinity,
      maxPendingRequests: Infinity,
      maxRequests: Infinity,
      maxRetries: Infinity,
      maxRequestsPerConnection: Infinity,
    },
  };
}

const tcp = (name: string) => ({ tcp: { statPrefix: name, cluster: cluster(name) } });
const http = (routeConfigName: string) => ({
  http: {
    statPrefix: "h",
    routeConfigName,
    routes: { findVirtualHost: () => undefined },
    writesAccessLog: false,
  },
});

function listener(name: string, address: string, changes: Partial<Listener>): Listener {
  const [, port] = /(\d+)$/.exec(name) ?? [];
  return { name, address, port: Number(port), direction: "outbound", isForwardProxy: false, ...changes };
}

const outbound = listener("virtualOutbound", "0.0.0.0", {
  port: 15_001,
  redirection: "allListeners",
  ...tcp("PassthroughCluster"),
  chainsByPort: new Map([
    [
      15_001,
      { name: "virtualOutbound", direction: "outbound", isForwardProxy: false, ...tcp("BlackHoleCluster") },
    ],
  ]),
});
const inbound = listener("virtualInbound", "0.0.0.0", {
  port: 15_006,
  direction: "inbound",
  redirection: "ownChains",
  ...tcp("InboundPassthroughCluster"),
  chainsByPort: new Map([
    [
      8080,
      {
        name: "virtualInbound",
        direction: "inbound",
        isForwardProxy: false,
        ...http("inbound|8080||"),
        ...tcp("inbound|8080||"),
      },
    ],
  ]),
});
const noSocket = { hasSocket: false };
const listeners = [
  outbound,
  inbound,
  listener("0.0.0.0_8080", "0.0.0.0", {
    ...noSocket,
    ...http("8080"),
    ...tcp("PassthroughCluster"),
    additionalAddresses: [{ address: "::", port: 8080 }],
  }),
  listener("10.96.0.9_8080", "10.96.0.9", { ...noSocket, ...tcp("outbound|8080||db") }),
  listener("fd00::9_9000", "fd00::9", { ...noSocket, ...tcp("outbound|9000||db") }),
];

describe("a redirected connection", () => {
  it.each([
    {
      name: "goes to the listener of its address before that of its port",
      accepting: outbound,
      to: { address: "10.96.0.9", port: 8080 },
      reason:
        'Listener "10.96.0.9_8080" is for 10.96.0.9:8080, where it was going: everything goes to outbound|8080||db.',
    },
    {
      name: "goes to the listener of its port on any address",
      accepting: outbound,
      to: { address: "10.96.0.8", port: 8080 },
      reason:
        'Listener "0.0.0.0_8080" is for 0.0.0.0:8080 and [::]:8080, where it was going: HTTP is routed by 8080, all else goes to PassthroughCluster.',
    },
    {
      name: "of IPv6 goes to an additional address",
      accepting: outbound,
      to: { address: "fd00::8", port: 8080 },
      reason:
        'Listener "0.0.0.0_8080" is for 0.0.0.0:8080 and [::]:8080, where it was going: HTTP is routed by 8080, all else goes to PassthroughCluster.',
    },
    {
      name: "of IPv6 goes to the listener of its address",
      accepting: outbound,
      to: { address: "fd00::9", port: 9000 },
      reason:
        'Listener "fd00::9_9000" is for [fd00::9]:9000, where it was going: everything goes to outbound|9000||db.',
    },
    {
      name: "stays where nobody else is for it",
      accepting: outbound,
      to: { address: "93.184.215.14", port: 443 },
      reason:
        'No listener is for 93.184.215.14:443, so "virtualOutbound", which took it, serves it: everything goes to PassthroughCluster.',
    },
    {
      name: "that was not redirected ends in the black hole",
      accepting: outbound,
      to: { address: "127.0.0.1", port: 15_001 },
      reason:
        'No listener is for 127.0.0.1:15001, so "virtualOutbound", which took it, serves it, by its chains for port 15001: everything goes to BlackHoleCluster.',
    },
    {
      name: "from outside is served by its port",
      accepting: inbound,
      to: { address: "10.244.0.7", port: 8080 },
      reason:
        'No listener is for 10.244.0.7:8080, so "virtualInbound", which took it, serves it, by its chains for port 8080: HTTP is routed by inbound|8080||, all else goes to inbound|8080||.',
    },
    {
      name: "from outside never goes to the listener of a service",
      accepting: inbound,
      to: { address: "10.96.0.9", port: 9000 },
      reason:
        'No listener is for 10.96.0.9:9000, so "virtualInbound", which took it, serves it: everything goes to InboundPassthroughCluster.',
    },
  ])("$name", ({ accepting, to, reason }) => {
    expect(explainDestination(listeners, accepting, to).reason).toBe(reason);
  });
});
