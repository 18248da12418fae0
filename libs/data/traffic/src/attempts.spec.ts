import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { BUSY, GET, hostOn, OK, POST, proxyTo } from "./proxied-fixture.ts";
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

const PUT = POST.replace("POST", "PUT");

describe("retries", () => {
  it.each([
    { name: "a status of the policy's list", policy: retryOn({}, { statusCodes: new Set([503]) }) },
    { name: "a gateway error", policy: retryOn({ gatewayError: true }) },
    { name: "any 5xx", policy: retryOn({ serverError: true }) },
  ])("repeat after $name, body and all, on another host", async ({ policy }) => {
    const bad = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const good = await recorder(cleanup, (socket) => void socket.write(OK));
    const hosts = [hostOn(bad.port), hostOn(good.port)];
    const { client, log } = await proxyTo(cleanup, clusterOf(hosts), { retry: policy });
    client.send(POST);
    await client.sees(/^HTTP\/1\.1 200 [^]*ok$/);
    expect(bad.received[0]).toMatch(/attempt-count: 1\r\n\r\nhello$/);
    expect(good.received[0]).toMatch(/attempt-count: 2\r\n\r\nhello$/);
    expect(log).toMatchObject([{ attemptCount: 2, responseCode: 200 }]);
    expect(hosts.map((host) => host.activeRequests)).toEqual([0, 0]);
  });

  it("repeat after a refused connection", async () => {
    const good = await recorder(cleanup);
    const hosts = [hostOn(await freePort()), hostOn(good.port)];
    const { client } = await proxyTo(cleanup, clusterOf(hosts), { retry: retryOn({ connectFailure: true }) });
    client.send(GET);
    await client.sees(/ok$/);
  });

  it("repeat after a reset, with `reset` alone", async () => {
    const upstream = await recorder(cleanup, (socket, _received, connection) => {
      if (connection === 0) socket.destroy();
      else socket.write(OK);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ reset: true }),
    });
    client.send(GET);
    await client.sees(/ok$/);
  });

  it("end when the policy's number is reached", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(BUSY));
    const policy = retryOn({ serverError: true }, { maxRetries: 3 });
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { retry: policy });
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 503 [^]*busy$/);
    expect(upstream.received).toHaveLength(4);
    expect(log).toMatchObject([{ attemptCount: 4 }]);
  });

  it("never follow the first byte of an answer", async () => {
    const upstream = await recorder(cleanup, (socket) => {
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ reset: true }),
    });
    client.send(GET);
    expect(await client.ended()).toMatch(/half$/);
    expect(upstream.received).toHaveLength(1);
  });

  it("do not happen once more of the body has gone than is kept", async () => {
    const upstream = await recorder(cleanup, (socket, received) => {
      if (received.length > 300_000) socket.destroy();
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      retry: retryOn({ reset: true }),
    });
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n${"x".repeat(300_000)}`);
    await client.sees(/^HTTP\/1\.1 503 [^]*connection termination$/);
    expect(upstream.received).toHaveLength(1);
  });
});

describe("pooled connections", () => {
  it("serve one request after the other", async () => {
    const upstream = await recorder(cleanup);
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    for (let count = 1; count <= 5; count++) {
      client.send(GET);
      await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(count));
    }
    expect(upstream.received).toHaveLength(1);
  });

  it("that the host closes under a request are replaced without any retry policy", async () => {
    const upstream = await recorder(cleanup, (socket, received, connection) => {
      const isSecond = received.split("PUT").length > 2;
      if (connection === 0 && isSecond) socket.destroy();
      else socket.write(OK);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    client.send(PUT);
    await client.sees(/ok$/);
    client.send(PUT);
    await eventually(() => expect(client.text.match(/HTTP\/1\.1 200/g)).toHaveLength(2));
    expect(upstream.received).toHaveLength(2);
    expect(upstream.received[1]).toMatch(/hello$/);
  });

  it("are destroyed when they say something unasked", async () => {
    const upstream = await recorder(cleanup, (socket, _received, connection) => {
      socket.write(connection === 0 ? `${OK}${OK.replace("ok", "no")}` : OK);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    client.send(GET);
    await client.sees(/ok$/);
    client.send(GET);
    await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(2));
    expect(client.text).not.toContain("no");
    expect(upstream.received).toHaveLength(2);
  });

  it("close when their host leaves the cluster", async () => {
    const upstream = await recorder(cleanup);
    const host = hostOn(upstream.port);
    const { client, config, traffic } = await proxyTo(cleanup, clusterOf([host]));
    client.send(GET);
    await client.sees(/ok$/);
    host.isMember = false;
    config.replace({ ...config.current() });
    await eventually(() => expect(traffic.stats.upstreamConnections).toBe(0));
  });

  it("are as many as their number of requests allows", async () => {
    const upstream = await recorder(cleanup);
    const limits = { ...UNLIMITED, maxRequestsPerConnection: 1 };
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }));
    client.send(GET + GET + GET);
    await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(3));
    expect(upstream.received).toHaveLength(3);
  });
});

describe("limits", () => {
  it("let one request wait for the only connection and refuse the next (UO)", async () => {
    const upstream = await recorder(cleanup, () => undefined);
    const limits = { ...UNLIMITED, maxConnections: 1, maxPendingRequests: 1 };
    const { client, port, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)], { limits }));
    client.send(GET);
    await eventually(() => expect(upstream.received[0]).toContain("GET"));
    const waiting = await rawClient(cleanup, port);
    waiting.send(GET);
    const refused = await rawClient(cleanup, port);
    await eventually(async () => {
      refused.send(GET);
      await refused.sees(/503 [^]*reset reason: overflow/);
    });
    expect(log.at(-1)).toMatchObject({ responseCode: 503, responseFlags: "UO" });
    upstream.sockets[0]?.write(OK);
    await client.sees(/ok$/);
    await eventually(() => expect(upstream.received[0]?.match(/GET/g)).toHaveLength(2));
    upstream.sockets[0]?.write(OK);
    await waiting.sees(/ok$/);
    expect(upstream.received).toHaveLength(1);
  });
});

describe("failures", () => {
  it.each([
    { name: "no such cluster", cluster: undefined, status: 503, flag: "NC", body: "" },
    { name: "no host", cluster: clusterOf([]), status: 503, flag: "UH", body: "no healthy upstream" },
  ])("$name", async ({ cluster, status, flag, body }) => {
    const { client, log } = await proxyTo(cleanup, cluster);
    client.send(GET);
    await client.sees(new RegExp(`^HTTP/1\\.1 ${status} [^]*server: istio-envoy\\r\\n\\r\\n${body}$`));
    expect(log).toMatchObject([{ responseCode: status, responseFlags: flag }]);
  });

  it("a refused connection is a 503 with Envoy's words", async () => {
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(await freePort())]));
    client.send(GET);
    await client.sees(
      /^HTTP\/1\.1 503 [^]*content-type: text\/plain[^]*reset reason: remote connection failure$/,
    );
    expect(log).toMatchObject([{ responseFlags: "UF" }]);
  });

  it("an upstream that does not answer in time is a 504", async () => {
    const upstream = await recorder(cleanup, () => undefined);
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { timeoutMs: 100 });
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 504 [^]*upstream request timeout$/);
    expect(log).toMatchObject([{ responseFlags: "UT" }]);
  });

  it("an attempt that takes too long is repeated", async () => {
    const upstream = await recorder(cleanup, (socket, _received, connection) => {
      if (connection === 1) socket.write(OK);
    });
    const policy = retryOn({ reset: true }, { perTryTimeoutMs: 100 });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { retry: policy });
    client.send(GET);
    await client.sees(/ok$/);
  });

  it("a host that is one of the proxy's own listeners is not dialled", async () => {
    const port = await freePort();
    await startTraffic(cleanup, [httpListener(port, routeTo(clusterOf([hostOn(port)])))]);
    const client = await rawClient(cleanup, port);
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 503 /);
  });

  it("an abort on purpose is a fault", async () => {
    const fault = { delay: { fraction: 1, durationMs: 60 }, abort: { fraction: 1, status: 418 } };
    const { client, log } = await proxyTo(cleanup, clusterOf([]), { fault });
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 418 [^]*fault filter abort$/);
    expect(log).toMatchObject([{ responseFlags: "DI,FI" }]);
  });

  it("a client that leaves ends its request upstream", async () => {
    const upstream = await recorder(cleanup, () => undefined);
    const { client, log, traffic } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    client.send(GET);
    await eventually(() => expect(upstream.received).toHaveLength(1));
    client.socket.resetAndDestroy();
    await eventually(() => expect(log).toMatchObject([{ responseCode: 0, responseFlags: "DC" }]));
    expect(traffic.stats.activeRequests).toBe(0);
  });
});
