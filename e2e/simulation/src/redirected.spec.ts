import { describe, expect, it } from "vitest";
import { article, RATING } from "./book-shop.ts";
import { connectionsOf, type Connection, type Passage } from "./connections.ts";
import { EVERY_PROTOCOL } from "./every-protocol.ts";

const RULES = article("destination-rule-v1-v2.yml", "virtual-service-v1.yml");
const WORLD = [RATING, RULES, EVERY_PROTOCOL].join("\n---\n");
const POD = { labels: { app: "every-protocol" }, podIp: "10.244.0.7" };
/** Of version 1: the pod that is written down has the first place. */
const RATING_IP = "127.16.0.2";
const HOST = "every-protocol.default.svc.cluster.local";

interface Row {
  readonly what: string;
  readonly connection: Connection;
  readonly passage: Partial<Passage>;
}

/** Names are resolved before a connection is redirected: it is going to the address that DNS gave. */
const OUTBOUND: readonly Row[] = [
  {
    what: "HTTP by name obeys the rules",
    connection: { to: "10.96.0.20:8080", http: "http://rating:8080/rate/1" },
    passage: {
      listener: "0.0.0.0_8080",
      clusters: ["outbound|8080|version-v1|rating.default.svc.cluster.local"],
      hosts: [`${RATING_IP}:8080`],
    },
  },
  {
    what: "HTTP by ClusterIP goes to the service",
    connection: { to: "10.96.0.50:80", http: "http://10.96.0.50/" },
    passage: {
      clusters: [`outbound|80||${HOST}`],
      hosts: ["10.244.0.7:8080"],
    },
  },
  {
    what: "HTTP by pod IP passes through",
    connection: { to: `${RATING_IP}:8080`, http: `http://${RATING_IP}:8080/` },
    passage: {
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "HTTP by a headless name goes to the service",
    connection: { to: "10.244.0.7:8080", http: "http://store:8080/" },
    passage: {
      clusters: ["outbound|8080||store.default.svc.cluster.local"],
      hosts: ["10.244.0.7:8080"],
    },
  },
  {
    what: "HTTP by the name of one pod of a headless service passes through",
    connection: { to: "10.244.0.7:8080", http: "http://every-protocol-0.store:8080/" },
    passage: {
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "HTTP by the name of an ExternalName service passes through",
    connection: { to: "203.0.113.1:80", http: "http://far/" },
    passage: {
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "HTTP of a host outside passes through",
    connection: { to: "203.0.113.1:80", http: "http://example.com/" },
    passage: {
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "something else on an HTTP port passes through",
    connection: { to: "203.0.113.1:80" },
    passage: {
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "a port that nobody serves passes through",
    connection: { to: "203.0.113.1:25" },
    passage: {
      listener: "virtualOutbound",
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "TCP by ClusterIP goes to the service",
    connection: { to: "10.96.0.50:6379" },
    passage: {
      listener: "10.96.0.50_6379",
      clusters: [`outbound|6379||${HOST}`],
    },
  },
  {
    what: "TCP by an IPv6 ClusterIP goes to the service",
    connection: { to: "[fd00::50]:6379" },
    passage: {
      listener: "fd00::50_6379",
      clusters: [`outbound|6379||${HOST}`],
    },
  },
  {
    what: "TCP of a headless service goes to the pod that was chosen",
    connection: { to: "10.244.0.7:6379" },
    passage: {
      listener: "10.244.0.7_6379",
      clusters: ["PassthroughCluster"],
    },
  },
  {
    what: "TCP goes to its own service where another serves HTTP on the port",
    connection: { to: "10.96.0.52:5000" },
    passage: {
      clusters: ["outbound|5000||raw.default.svc.cluster.local"],
    },
  },
  {
    what: "HTTP goes to its own service where another serves TCP on the port",
    connection: { to: "10.96.0.51:5000", http: "http://plain:5000/" },
    passage: {
      clusters: ["outbound|5000||plain.default.svc.cluster.local"],
    },
  },
  {
    what: "a port without a name is HTTP where it looks so",
    connection: { to: "10.96.0.50:7000", http: "http://every-protocol:7000/" },
    passage: {
      clusters: [`outbound|7000||${HOST}`],
    },
  },
  {
    what: "a port without a name is TCP otherwise",
    connection: { to: "10.96.0.50:7000" },
    passage: {
      clusters: [`outbound|7000||${HOST}`],
    },
  },
  {
    what: "the proxy's own port leads nowhere",
    connection: { to: "127.0.0.1:15001" },
    passage: {
      clusters: ["BlackHoleCluster"],
    },
  },
];

const INBOUND: readonly Row[] = [
  {
    what: "HTTP goes to the application's port",
    connection: { to: "10.244.0.7:8080", http: "http://anything.example/" },
    passage: {
      clusters: ["inbound|8080||"],
    },
  },
  {
    what: "TCP goes to the application's port",
    connection: { to: "10.244.0.7:6379" },
    passage: {
      clusters: ["inbound|6379||"],
    },
  },
  {
    what: "a port without a name takes both",
    connection: { to: "10.244.0.7:7000" },
    passage: {
      clusters: ["inbound|7000||"],
    },
  },
  {
    what: "a port that no service names passes through",
    connection: { to: "10.244.0.7:9999" },
    passage: {
      clusters: ["InboundPassthroughCluster"],
    },
  },
  {
    what: "the proxy's own port leads nowhere",
    connection: { to: "10.244.0.7:15006" },
    passage: {
      clusters: ["BlackHoleCluster"],
    },
  },
];

describe("what a pod sends", () => {
  it.each(OUTBOUND)("$what", ({ connection, passage }) => {
    expect(connectionsOf(WORLD, POD).outbound(connection)).toMatchObject(passage);
  });

  it("passes nothing through where unknown hosts are barred, but to headless services", () => {
    const meshConfig = { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } as const;
    const pod = connectionsOf(WORLD, POD, meshConfig);
    expect(pod.outbound({ to: "203.0.113.1:25" }).clusters).toEqual(["BlackHoleCluster"]);
    expect(pod.outbound({ to: "203.0.113.1:80", http: "http://example.com/" }).status).toBe(502);
    expect(pod.outbound({ to: "10.244.0.7:6379" }).clusters).toEqual(["PassthroughCluster"]);
  });
});

describe("what is sent to a pod", () => {
  it.each(INBOUND)("$what", ({ connection, passage }) => {
    expect(connectionsOf(WORLD, POD).inbound(connection)).toMatchObject(passage);
  });
});
