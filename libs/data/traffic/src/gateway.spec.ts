import { Host } from "@bookmesh/proxy-core";
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
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** A gateway with one listener on all addresses, and an upstream. */
async function gateway() {
  const upstream = await recorder(cleanup);
  const port = await freePort();
  const route = routeTo(clusterOf([new Host("127.0.0.1", upstream.port, 1)]));
  const listener = httpListener(port, route, { direction: "outbound", address: "0.0.0.0" });
  if (!listener.http) throw new Error("The listener serves no HTTP.");
  const outside = { ...listener, http: { ...listener.http, usesRemoteAddress: true } };
  const started = await startTraffic(cleanup, [outside], { isGateway: true });
  return { ...started, upstream, port, client: await rawClient(cleanup, port) };
}

describe("a gateway", () => {
  it("believes nothing that a client from outside says of itself", async () => {
    const { client, upstream } = await gateway();
    const claims = [
      "X-Forwarded-For: 10.0.0.1",
      "X-Forwarded-Proto: https",
      "X-Request-Id: mine",
      "X-Envoy-External-Address: 10.0.0.1",
      "X-Envoy-Retry-On: 5xx",
      "X-Forwarded-Client-Cert: By=spiffe://me",
    ];
    client.send(`GET /a HTTP/1.1\r\nHost: b.test\r\n${claims.join("\r\n")}\r\n\r\n`);
    await client.sees(/ok$/);
    expect(upstream.received[0]).toMatch(
      /^GET \/a HTTP\/1\.1\r\nhost: b\.test\r\nx-request-id: [0-9a-f-]{36}\r\nx-forwarded-proto: http\r\nx-forwarded-for: 10\.0\.0\.1, 127\.0\.0\.1\r\nx-envoy-external-address: 127\.0\.0\.1\r\nx-envoy-attempt-count: 1\r\n\r\n$/,
    );
  });

  it("logs the request id that it made", async () => {
    const { client, upstream, log } = await gateway();
    client.send("GET / HTTP/1.1\r\nHost: b.test\r\nX-Request-Id: mine\r\n\r\n");
    await client.sees(/ok$/);
    await eventually(() => expect(log).toHaveLength(1));
    expect(upstream.received[0]).toContain(`x-request-id: ${log[0]?.requestId}\r\n`);
  });

  it("takes leave of its clients when it drains", async () => {
    const { client, port, traffic } = await gateway();
    const drained = traffic.drain({ minimumMs: 0, maximumMs: 60_000 });
    await client.ended();
    await expect(rawClient(cleanup, port)).rejects.toThrow("ECONNREFUSED");
    client.socket.end();
    await drained;
  });
});
