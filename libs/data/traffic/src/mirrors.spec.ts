import { eventually } from "@bookmesh/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { GET, hostOn, OK, POST, proxyTo } from "./proxied-fixture.ts";
import { Cleanup, clusterOf, freePort, recorder, UNLIMITED } from "./traffic-fixture.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** A proxy whose requests are copied to this port. */
async function mirroredTo(port: number, limits = UNLIMITED) {
  const upstream = await recorder(cleanup, (socket) => void socket.write(OK));
  const mirror = clusterOf([hostOn(port)], { name: "mirror", limits });
  const mirrors = [{ cluster: mirror, fraction: 1, isMarked: true }];
  const scene = await proxyTo(cleanup, clusterOf([hostOn(upstream.port)]), { mirrors });
  return { ...scene, upstream };
}

describe("a mirror", () => {
  it("gets a copy, body and all, whose answer nobody waits for", async () => {
    const mirror = await recorder(cleanup, () => undefined);
    const { client } = await mirroredTo(mirror.port);
    client.send(POST);
    await client.sees(/ok$/);
    await eventually(() => expect(mirror.received[0]).toMatch(/\r\nhost: a-shadow\r\n[^]*\r\n\r\nhello$/));
  });

  it("gets its name before the port", async () => {
    const mirror = await recorder(cleanup);
    const { client } = await mirroredTo(mirror.port);
    client.send(GET.replace("Host: a", "Host: a.b:8080"));
    await eventually(() => expect(mirror.received[0]).toContain("\r\nhost: a.b-shadow:8080\r\n"));
  });

  it.each([
    { what: "fails", answer: "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno" },
    { what: "answers no HTTP", answer: "what?\r\n\r\n" },
    { what: "answers twice", answer: OK + OK },
    { what: "wants a tunnel", answer: "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" },
  ])("that $what changes nothing for the caller", async ({ answer }) => {
    const mirror = await recorder(cleanup, (socket) => void socket.write(answer));
    const { client, log } = await mirroredTo(mirror.port);
    for (let count = 1; count <= 3; count++) {
      client.send(GET);
      await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(count));
    }
    expect(log.map(({ responseCode, responseFlags }) => `${responseCode} ${responseFlags}`)).toEqual(
      Array.from({ length: 3 }, () => "200 -"),
    );
    await eventually(() => expect(mirror.received.join("").match(/GET/g)).toHaveLength(3));
  });

  it("that is not there changes nothing either", async () => {
    const { client } = await mirroredTo(await freePort());
    client.send(GET);
    await client.sees(/ok$/);
  });

  it("that hangs holds no more copies than its cluster's limits allow", async () => {
    const mirror = await recorder(cleanup, () => undefined);
    const limits = { ...UNLIMITED, maxRequests: 2 };
    const { client, traffic } = await mirroredTo(mirror.port, limits);
    client.send(GET.repeat(10));
    await eventually(() => expect(client.text.match(/ok/g)).toHaveLength(10));
    const load = [...traffic.stats.clusters()].find(({ cluster }) => cluster === "mirror");
    expect(load).toMatchObject({ activeRequests: 2, pendingOverflows: 8 });
    await eventually(() => expect(mirror.received.join("").match(/GET/g)).toHaveLength(2));
  });

  it("gets nothing of a request that was aborted on purpose", async () => {
    const mirror = await recorder(cleanup);
    const mirrors = [{ cluster: clusterOf([hostOn(mirror.port)]), fraction: 1, isMarked: true }];
    const fault = { delay: undefined, abort: { fraction: 1, status: 418 } };
    const { client } = await proxyTo(cleanup, clusterOf([]), { mirrors, fault });
    client.send(GET);
    await client.sees(/fault filter abort$/);
    expect(mirror.received).toEqual([]);
  });
});
