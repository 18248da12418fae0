import type { Cluster } from "@bookmesh/proxy-core";
import { runCluster } from "@bookmesh/proxy-core/clusters";
import { OutlierDetector, type OutlierPolicy } from "@bookmesh/proxy-core/outlier";
import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { BUSY, GET, OK, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, freePort, rawClient, recorder, retryOn, UNLIMITED } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const FIRST_ERROR: OutlierPolicy = {
  thresholds: {
    serverErrors: { inARow: 1, enforcedPercent: 100 },
    gatewayErrors: { inARow: 0, enforcedPercent: 0 },
    localFailures: { inARow: 0, enforcedPercent: 0 },
  },
  countsLocalFailuresApart: false,
  intervalMs: 60_000,
  baseEjectionMs: 60_000,
  maxEjectionMs: 60_000,
  maxJitterMs: 0,
  maxEjectionPercent: 100,
  alwaysEjectsOne: false,
};

/** A cluster as a snapshot has it: hosts take turns, those that are ejected left out. */
function breakerCluster(ports: readonly number[], policy: OutlierPolicy = FIRST_ERROR): Cluster {
  const endpoints = ports.map((port) => ({ address: "127.0.0.1", port, weight: 1, isHealthy: true }));
  return runCluster(
    {
      spec: {
        name: "outbound|80||test",
        source: { kind: "fixed", endpoints },
        policy: "roundRobin",
        connectTimeoutMs: 1_000,
        panicFraction: 0,
        limits: UNLIMITED,
        connections: { idleTimeoutMs: Infinity, maxDurationMs: Infinity },
        outliers: policy,
      },
      endpoints,
    },
    undefined,
    Math.random,
  ).cluster;
}

/** A recorder that answers each head with what `answer` says at that moment. */
function answering(answer: () => string) {
  return recorder(cleanup, (socket, received) => {
    if (received.endsWith("\r\n\r\n")) socket.write(answer());
  });
}

const requestsOf = ({ received }: { readonly received: readonly string[] }) =>
  received.join("").match(/GET /g)?.length ?? 0;

describe("a host that fails", () => {
  it("gets no further request after its first error, however many follow", async () => {
    const bad = await answering(() => BUSY);
    const good = await answering(() => OK);
    const { client, traffic } = await proxyTo(cleanup, breakerCluster([bad.port, good.port]), {
      retry: retryOn({ serverError: true }),
    });
    for (let count = 1; count <= 20; count++) {
      client.send(GET);
      await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(count));
    }
    expect(client.text).not.toContain("503");
    expect([requestsOf(bad), requestsOf(good)]).toEqual([1, 20]);
    await eventually(() => expect(traffic.stats.upstreamConnections).toBe(1));
  });

  it.each([
    { what: "refuses connections", isHanging: false },
    { what: "does not answer in time", isHanging: true },
  ])("is ejected where it $what, and the next try finds another", async ({ isHanging }) => {
    const silent = await recorder(cleanup, () => undefined);
    const good = await answering(() => OK);
    const cluster = breakerCluster([isHanging ? silent.port : await freePort(), good.port]);
    const { client } = await proxyTo(cleanup, cluster, {
      retry: retryOn({ serverError: true }, { perTryTimeoutMs: 100, avoidsPreviousHosts: false }),
    });
    client.send(GET + GET);
    await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(2));
    expect(cluster.hosts.map(({ port }) => port)).toEqual([good.port]);
  });

  it("is missed where it was the last one (UH)", async () => {
    const bad = await answering(() => BUSY);
    const { client, log } = await proxyTo(cleanup, breakerCluster([bad.port]));
    client.send(GET);
    await client.sees(/busy$/);
    client.send(GET);
    await client.sees(/no healthy upstream$/);
    expect(log).toMatchObject([
      { responseCode: 503, responseFlags: "-" },
      { responseCode: 503, responseFlags: "UH" },
    ]);
    expect(requestsOf(bad)).toBe(1);
  });

  it("returns half-open when its time is over; a success closes its breaker", async () => {
    let answer = BUSY;
    const upstream = await answering(() => answer);
    const cluster = breakerCluster([upstream.port], { ...FIRST_ERROR, intervalMs: 50, baseEjectionMs: 50 });
    const [host] = cluster.hosts;
    const { client } = await proxyTo(cleanup, cluster);
    client.send(GET);
    await client.sees(/busy$/);
    expect(host?.outlier.state).toBe("open");
    answer = OK;
    await eventually(() => expect(host?.outlier.state).toBe("half-open"));
    client.send(GET);
    await client.sees(/ok$/);
    expect(host?.outlier).toMatchObject({ state: "closed", ejections: 1 });
  });

  it("finishes what it had begun, but its connections serve nothing new", async () => {
    let answers = 0;
    const upstream = await recorder(cleanup, (socket) => {
      if (answers++ === 1) socket.write(BUSY);
    });
    const cluster = breakerCluster([upstream.port], { ...FIRST_ERROR, intervalMs: 50, baseEjectionMs: 50 });
    const { client, port, traffic } = await proxyTo(cleanup, cluster);
    client.send(GET);
    await eventually(() => expect(answers).toBe(1));
    const other = await rawClient(cleanup, port);
    other.send(GET);
    await other.sees(/busy$/);
    upstream.sockets[0]?.write(OK);
    await client.sees(/ok$/);
    await eventually(() => expect(traffic.stats.upstreamConnections).toBe(0));
  });
});

describe("detection without rules", () => {
  it("changes nothing", () => {
    const detector = new OutlierDetector(Math.random);
    const { hosts } = breakerCluster([80]);
    detector.follow(undefined, hosts);
    const [host] = hosts;
    expect(host && detector.onServerError(host, 500, 0)).toBe(false);
  });
});
