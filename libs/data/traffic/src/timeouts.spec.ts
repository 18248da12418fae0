import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { GET, hostOn, OK, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, clusterOf, recorder, retryOn } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** Never answers, and knows who has hung up. */
async function silence() {
  let left = 0;
  const upstream = await recorder(cleanup, (socket, received) => {
    if (received.split("\r\n\r\n").length === 2) socket.once("end", () => left++);
  });
  return { ...upstream, left: () => left };
}

describe("an upstream that never answers", () => {
  it.each([
    { name: "the route's time", action: { timeoutMs: 60 }, flag: "UT", body: "upstream request timeout" },
    { name: "the idle time", action: { idleTimeoutMs: 60 }, flag: "SI", body: "stream timeout" },
    {
      name: "a try's time",
      action: { retry: retryOn({}, { perTryTimeoutMs: 60 }) },
      flag: "UT",
      body: "upstream request timeout",
    },
  ])("costs $name, and is left then (504, $flag)", async ({ action, flag, body }) => {
    const upstream = await silence();
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), action);
    client.send(GET);
    await client.sees(new RegExp(`^HTTP/1\\.1 504 [^]*\\r\\n\\r\\n${body}$`));
    expect(log).toMatchObject([{ responseCode: 504, responseFlags: flag }]);
    await eventually(() => expect(upstream.left()).toBe(1));
  });

  it("is left when the caller hangs up (DC)", async () => {
    const upstream = await silence();
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]));
    client.send(GET);
    await eventually(() => expect(upstream.received).toHaveLength(1));
    client.socket.destroy();
    await eventually(() => expect(upstream.left()).toBe(1));
    expect(log).toMatchObject([{ responseCode: 0, responseFlags: "DC" }]);
  });
});

describe("an idle timeout", () => {
  it("is the client's fault before its whole request has come (408, SI)", async () => {
    const upstream = await silence();
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { idleTimeoutMs: 60 });
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 408 [^]*connection: close\r\n\r\nstream timeout$/);
    expect(log).toMatchObject([{ responseCode: 408, responseFlags: "SI" }]);
  });

  it("cuts an answer that has stopped in its middle (SI)", async () => {
    const upstream = await recorder(cleanup, (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    });
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { idleTimeoutMs: 60 });
    client.send(GET);
    expect(await client.ended()).toMatch(/half$/);
    await eventually(() => expect(log).toMatchObject([{ responseCode: 200, responseFlags: "SI" }]));
  });

  it("does not end what keeps moving", async () => {
    const upstream = await recorder(cleanup, (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
      let sent = 0;
      const timer = setInterval(() => {
        socket.write("x");
        if (++sent === 6) clearInterval(timer);
      }, 60);
    });
    const { client } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { idleTimeoutMs: 200 });
    client.send(GET);
    await client.sees(/xxxxxx$/);
  });
});

describe("a delay on purpose", () => {
  it("takes nothing of the route's time (DI)", async () => {
    const upstream = await recorder(cleanup, (socket) => void socket.write(OK));
    const fault = { delay: { fraction: 1, durationMs: 300 }, abort: undefined };
    const { client, log } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), {
      fault,
      timeoutMs: 200,
    });
    client.send(GET);
    await client.sees(/ok$/);
    expect(log).toMatchObject([{ responseCode: 200, responseFlags: "DI" }]);
  });

  it("ends with a caller that hangs up, who reaches nobody (DI,DC)", async () => {
    const upstream = await recorder(cleanup);
    const fault = { delay: { fraction: 1, durationMs: 60_000 }, abort: undefined };
    const { client, log, traffic } = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { fault });
    client.send(GET);
    await eventually(() => expect(traffic.stats.activeRequests).toBe(1));
    client.socket.destroy();
    await eventually(() => expect(log).toMatchObject([{ responseFlags: "DI,DC" }]));
    expect(upstream.received).toEqual([]);
  });
});
