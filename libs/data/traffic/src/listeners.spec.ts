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

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const direct = (body: string) => ({
  name: body,
  matches: () => true,
  action: { kind: "direct", status: 200, body } as const,
});

describe("listeners", () => {
  it("keep their connections while their routes change", async () => {
    const port = await freePort();
    const { config } = await startTraffic(cleanup, [httpListener(port, direct("old"))]);
    const client = await rawClient(cleanup, port);
    client.send(GET);
    await client.sees(/old$/);
    config.replace({ listeners: [httpListener(port, direct("new"))], clusters: new Map() });
    client.send(GET);
    await client.sees(/new$/);
  });

  it("open and close with the snapshots", async () => {
    const [one, two] = [await freePort(), await freePort()];
    const { config, traffic } = await startTraffic(cleanup, [httpListener(one, direct("one"))]);
    config.replace({ listeners: [httpListener(two, direct("two"))], clusters: new Map() });
    await traffic.listening();
    const client = await rawClient(cleanup, two);
    client.send(GET);
    await client.sees(/two$/);
    await expect(rawClient(cleanup, one)).rejects.toThrow("ECONNREFUSED");
  });

  it("say which port is taken", async () => {
    const port = await freePort();
    await startTraffic(cleanup, [httpListener(port, direct("first"))]);
    await expect(startTraffic(cleanup, [httpListener(port, direct("second"))])).rejects.toThrow("EADDRINUSE");
  });

  it("answer with 404 where no virtual host is found, and with a location where the route redirects", async () => {
    const [lost, moved] = [await freePort(), await freePort()];
    const redirect = { kind: "redirect", status: 301, location: () => "http://b/" } as const;
    const route = { name: "moved", matches: () => true, action: redirect };
    const { log } = await startTraffic(cleanup, [httpListener(lost, undefined), httpListener(moved, route)]);
    const client = await rawClient(cleanup, lost);
    client.send(GET);
    await client.sees(/^HTTP\/1\.1 404 [^]*content-length: 0/);
    expect(log).toMatchObject([{ responseFlags: "NR" }]);
    const other = await rawClient(cleanup, moved);
    other.send(GET);
    await other.sees(/^HTTP\/1\.1 301 [^]*location: http:\/\/b\/\r\n/);
  });

  describe("that drain", () => {
    const patient = { minimumMs: 60_000, maximumMs: 60_000 };

    it("serve as before at first, each answer with `connection: close`", async () => {
      const [port, later] = [await freePort(), await freePort()];
      const { config, traffic } = await startTraffic(cleanup, [httpListener(port, direct("old"))]);
      const early = await rawClient(cleanup, port);
      void traffic.drain(patient);
      const late = await rawClient(cleanup, port);
      for (const client of [early, late]) {
        client.send(GET);
        expect(await client.ended()).toMatch(/connection: close\r\n\r\nold$/);
      }
      const outbound = { direction: "outbound" } as const;
      config.replace({ listeners: [httpListener(later, direct("new"), outbound)], clusters: new Map() });
      const application = await rawClient(cleanup, later);
      for (const answer of [/new$/, /new[^]*new$/]) {
        application.send(GET);
        await application.sees(answer);
      }
    });

    it("answer what is in flight with `connection: close`, then end idle inbound connections and accept no more", async () => {
      const upstream = await recorder(cleanup, () => undefined);
      const [port, outward] = [await freePort(), await freePort()];
      const cluster = clusterOf([new Host("127.0.0.1", upstream.port, 1)]);
      const { traffic } = await startTraffic(cleanup, [
        httpListener(port, routeTo(cluster)),
        httpListener(outward, direct("out"), { direction: "outbound" }),
      ]);
      const [busy, idle] = [await rawClient(cleanup, port), await rawClient(cleanup, port)];
      busy.send(GET);
      await eventually(() => expect(upstream.received).toHaveLength(1));
      const drained = traffic.drain({ minimumMs: 0, maximumMs: 60_000 });
      await idle.ended();
      await expect(rawClient(cleanup, port)).rejects.toThrow("ECONNREFUSED");
      upstream.sockets[0]?.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      expect(await busy.ended()).toMatch(/connection: close\r\n\r\nok$/);
      const application = await rawClient(cleanup, outward);
      application.send(GET);
      await application.sees(/out$/);
      for (const { socket } of [busy, idle, application]) socket.end();
      await drained;
      expect(traffic.stats.downstreamConnections).toBe(0);
    });
  });

  it("keep little of a client that sends requests and reads no answers", async () => {
    const port = await freePort();
    await startTraffic(cleanup, [httpListener(port, direct("x".repeat(1_000)))]);
    const client = await rawClient(cleanup, port);
    client.socket.pause();
    client.send(GET.repeat(10_000));
    await eventually(() => expect(client.socket.bytesWritten).toBeGreaterThan(0));
    client.socket.resume();
    await eventually(() => expect(client.text.match(/HTTP\/1\.1 200/g)).toHaveLength(10_000));
  });
});
