import { Host } from "@bookmesh/proxy-core";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  Cleanup,
  clusterOf,
  freePort,
  httpListener,
  rawClient,
  recorder,
  routeTo,
  startTraffic,
  type RawClient,
  type Recorder,
} from "./traffic-fixture.ts";

const cleanup = new Cleanup();
let upstream: Recorder;
let client: RawClient;

beforeEach(async () => {
  upstream = await recorder(cleanup);
  const port = await freePort();
  const cluster = clusterOf([new Host("127.0.0.1", upstream.port, 1)]);
  // The timer wheel's time alone stands still; sockets are real.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  await startTraffic(cleanup, [httpListener(port, routeTo(cluster))]);
  client = await rawClient(cleanup, port);
});
afterEach(() => {
  cleanup.run();
  vi.useRealTimers();
});

/** A request before it shows that the connection is served, so that time may pass. */
async function greet(): Promise<void> {
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await client.sees(/ok$/);
}

describe("a client that takes its time", () => {
  it("over a head gets a 408 after ten seconds", async () => {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n");
    await client.sees(/ok$/);
    vi.advanceTimersByTime(10_100);
    expect(await client.ended()).toMatch(/HTTP\/1\.1 408 [^]*connection: close\r\n/);
    expect(upstream.received.join("")).not.toContain("/slow");
  });

  it("over a body is cut off after a minute", async () => {
    await greet();
    client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx");
    await eventually(() => expect(upstream.received.join("")).toContain("POST /slow"));
    vi.advanceTimersByTime(60_100);
    await client.ended();
    await eventually(() => expect(upstream.sockets.every(({ readableEnded }) => readableEnded)).toBe(true));
  });

  it("over its next request is closed after an hour, without a word", async () => {
    await greet();
    const before = client.text;
    vi.advanceTimersByTime(3_600_100);
    expect(await client.ended()).toBe(before);
  });
});
