import { Host, type Cluster, type ForwardAction } from "@bookmesh/proxy-core";
import { eventually, seededRandom } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import {
  Cleanup,
  clusterOf,
  freePort,
  httpListener,
  rawClient,
  recorder,
  retryOn,
  routeTo,
  startTraffic,
  UNLIMITED,
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

async function proxyTo(cluster: Cluster, action: Partial<ForwardAction> = {}) {
  const port = await freePort();
  const started = await startTraffic(cleanup, [httpListener(port, routeTo(cluster, action))]);
  return { ...started, port, client: await rawClient(cleanup, port) };
}

const hostOn = (port: number) => new Host("127.0.0.1", port, 1);

const statsOf = ({ traffic }: Awaited<ReturnType<typeof proxyTo>>) => [...traffic.stats.clusters()][0];

describe("the last retry", () => {
  it("that fails too is told: URX, and the body of the last answer", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const scene = await proxyTo(clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 503 [^]*busy$/);
    expect(scene.log).toMatchObject([{ responseFlags: "URX", attemptCount: 3 }]);
    expect(statsOf(scene)).toMatchObject({
      retries: 2,
      retriesUsedUp: 1,
      retrySuccesses: 0,
      activeRetries: 0,
    });
  });

  it("that finds nobody has Envoy's words for it", async () => {
    const { client, log } = await proxyTo(clusterOf([hostOn(await freePort())]), {
      retry: retryOn({ connectFailure: true }),
    });
    client.send(GET);
    await client.sees(/before headers\. retried and the latest reset reason: remote connection failure$/);
    expect(log).toMatchObject([{ responseFlags: "UF,URX" }]);
  });

  it("that takes too long is UT,URX", async () => {
    const silent = await recorder(cleanup, () => undefined);
    const scene = await proxyTo(clusterOf([hostOn(silent.port)]), {
      retry: retryOn({ serverError: true }, { perTryTimeoutMs: 50, maxRetries: 1 }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 504 [^]*upstream request timeout$/);
    expect(scene.log).toMatchObject([{ responseFlags: "UT,URX" }]);
    expect(statsOf(scene)).toMatchObject({ tryTimeouts: 2, timeouts: 0 });
  });

  it("that the cluster's limit forbids does not happen: UO, and the answer that there is", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const limits = { ...UNLIMITED, maxRetries: 0 };
    const scene = await proxyTo(clusterOf([hostOn(upstream.port)], { limits }), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 503 [^]*busy$/);
    expect(scene.log).toMatchObject([{ responseFlags: "UO", attemptCount: 1 }]);
    expect(statsOf(scene)).toMatchObject({ retryOverflows: 1 });
  });

  it("that succeeds is counted", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      socket.write(received.includes("attempt-count: 2") ? OK : BUSY);
    });
    const scene = await proxyTo(clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/ok$/);
    expect(scene.log).toMatchObject([{ responseFlags: "-" }]);
    expect(statsOf(scene)).toMatchObject({ retries: 1, retrySuccesses: 1, activeRetries: 0 });
  });
});

describe("a pooled connection that closes under its request", () => {
  it("does not make a POST happen twice: the host may have carried it out (UC)", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.split("POST").length > 2) socket.destroy();
      else socket.write(OK);
    });
    const { client, log } = await proxyTo(clusterOf([hostOn(upstream.port)]));
    client.send(POST);
    await client.sees(/ok$/);
    client.send(POST);
    await client.sees(/503 [^]*reset reason: connection termination$/);
    expect(upstream.received.join("").match(/POST/g)).toHaveLength(2);
    expect(log.at(-1)).toMatchObject({ responseFlags: "UC" });
  });
});

describe("however hosts fail", () => {
  const REQUESTS = 60;
  const MAX_RETRIES = 3;
  const BUDGET = { percent: 20, minimum: 2 };

  it("no request has more tries than its policy allows, and a cluster no more retries than its budget", async () => {
    const random = seededRandom(20);
    let underway = 0;
    let most = 0;
    const upstream = await recorder(cleanup, (socket, received) => {
      const isRetry = !received.endsWith("attempt-count: 1\r\n\r\n");
      if (isRetry) most = Math.max(most, ++underway);
      setImmediate(() => {
        if (isRetry) underway--;
        if (random() < 0.2) socket.destroy();
        else socket.write(random() < 0.6 ? BUSY : OK);
      });
    });
    const limits = { ...UNLIMITED, retryBudget: BUDGET };
    const scene = await proxyTo(clusterOf([hostOn(upstream.port)], { limits }), {
      retry: retryOn({ serverError: true }, { maxRetries: MAX_RETRIES }),
    });
    const clients = await Promise.all(Array.from({ length: REQUESTS }, () => rawClient(cleanup, scene.port)));
    for (const client of clients) client.send(GET);
    await eventually(() => expect(scene.log).toHaveLength(REQUESTS));
    const tries = scene.log.map(({ attemptCount }) => attemptCount);
    expect(Math.max(...tries)).toBeLessThanOrEqual(MAX_RETRIES + 1);
    expect(upstream.received.join("").match(/GET/g)).toHaveLength(
      tries.reduce((sum, count) => sum + count, 0),
    );
    expect(most).toBeLessThanOrEqual(Math.max(BUDGET.minimum, (BUDGET.percent * REQUESTS) / 100));
    expect(statsOf(scene)).toMatchObject({ activeRetries: 0, activeRequests: 0, pendingRequests: 0 });
  });
});
