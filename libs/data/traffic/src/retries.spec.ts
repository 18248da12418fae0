import { eventually, seededRandom } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { BUSY, GET, hostOn, loadOf, OK, POST, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, clusterOf, freePort, rawClient, recorder, retryOn, UNLIMITED } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe("the last retry", () => {
  it("that fails too is told: URX, and the body of the last answer", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 503 [^]*busy$/);
    expect(scene.log).toMatchObject([{ responseFlags: "URX", attemptCount: 3 }]);
    expect(loadOf(scene)).toMatchObject({
      retries: 2,
      retriesUsedUp: 1,
      retrySuccesses: 0,
      activeRetries: 0,
    });
  });

  it("that finds nobody has Envoy's words for it", async () => {
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(await freePort())]), {
      retry: retryOn({ connectFailure: true }),
    });
    client.send(GET);
    await client.sees(/before headers\. retried and the latest reset reason: remote connection failure$/);
    expect(log).toMatchObject([{ responseFlags: "URX,UF" }]);
  });

  it("that takes too long is URX,UT", async () => {
    const silent = await recorder(cleanup, () => undefined);
    const scene = await proxyTo(cleanup, clusterOf([hostOn(silent.port)]), {
      retry: retryOn({ serverError: true }, { perTryTimeoutMs: 50, maxRetries: 1 }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 504 [^]*upstream request timeout$/);
    expect(scene.log).toMatchObject([{ responseFlags: "URX,UT" }]);
    expect(loadOf(scene)).toMatchObject({ tryTimeouts: 2, timeouts: 0 });
  });

  it("that the cluster's limit forbids does not happen: UO, and the answer that there is", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const limits = { ...UNLIMITED, maxRetries: 0 };
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/^HTTP\/1\.1 503 [^]*busy$/);
    expect(scene.log).toMatchObject([{ responseFlags: "UO", attemptCount: 1 }]);
    expect(loadOf(scene)).toMatchObject({ retryOverflows: 1 });
  });

  it("that succeeds is counted", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      socket.write(received.includes("attempt-count: 2") ? OK : BUSY);
    });
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ serverError: true }),
    });
    scene.client.send(GET);
    await scene.client.sees(/ok$/);
    expect(scene.log).toMatchObject([{ responseFlags: "-" }]);
    expect(loadOf(scene)).toMatchObject({ retries: 1, retrySuccesses: 1, activeRetries: 0 });
  });
});

describe("a pooled connection that closes under its request", () => {
  it("does not make a POST happen twice: the host may have carried it out (UC)", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.split("POST").length > 2) socket.destroy();
      else socket.write(OK);
    });
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
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
    const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }), {
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
    expect(loadOf(scene)).toMatchObject({ activeRetries: 0, activeRequests: 0, pendingRequests: 0 });
  });
});
