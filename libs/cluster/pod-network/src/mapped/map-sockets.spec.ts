import { once } from "node:events";
import { createServer as createHttpServer, get, type IncomingMessage } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mapSockets } from "./map-sockets.ts";

/** Pods of a cluster that no test and no person has at the same time. */
const [POD, APPLICATION] = ["240.125.0.2", "240.253.0.2"];
const HOST = "127.0.0.110";

describe("mapSockets", () => {
  let endMapping: () => void;
  let server: Server;

  beforeEach(() => {
    endMapping = mapSockets();
    server = createServer((socket) => socket.end("hello"));
  });
  afterEach(() => {
    server.close();
    endMapping();
  });

  it.each([
    { name: "a port and an address", listen: () => server.listen(8080, POD) },
    { name: "options", listen: () => server.listen({ host: POD, port: 8080 }) },
  ])("listens at the mapped place where $name is asked for", async ({ listen }) => {
    listen();
    await once(server, "listening");
    expect(server.address()).toMatchObject({ address: HOST, port: 10_032 });
  });

  it.each([
    { name: "a port and an address", dial: () => connect(8080, POD) },
    { name: "options", dial: () => connect({ host: POD, port: 8080 }) },
    {
      name: "a source of the pod's",
      dial: () => connect({ host: POD, port: 8080, localAddress: APPLICATION }),
    },
  ])("connects to the mapped place with $name", async ({ dial }) => {
    server.listen(8080, POD);
    expect(await text(dial())).toBe("hello");
  });

  it("keeps the pod IP's port and the application's apart", async () => {
    server.listen(8080, POD);
    const other = createServer((socket) => socket.end("application")).listen(8080, APPLICATION);
    expect(await text(connect({ host: APPLICATION, port: 8080 }))).toBe("application");
    other.close();
  });

  it("drops a pod's address as the source of what goes elsewhere, and no other source", async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    const from = async (localAddress: string) => {
      const socket = connect({ host: "127.0.0.1", port, localAddress });
      await once(socket, "connect");
      socket.resume();
      return socket.localAddress;
    };
    expect([await from(POD), await from("127.0.0.9")]).toEqual(["127.0.0.1", "127.0.0.9"]);
  });

  it("carries HTTP/1 and HTTP/2", async () => {
    const one = createHttpServer((_request, response) => response.end("one")).listen(8080, POD);
    const two = createHttp2Server((_request, response) => response.end("two")).listen(8081, POD);
    const response = new Promise<IncomingMessage>((answered) => {
      get({ host: POD, port: 8080, agent: false }, answered);
    });
    const session = connectHttp2(`http://${POD}:8081`);
    const stream = session.request({ ":path": "/" });
    expect([await text(await response), await text(stream)]).toEqual(["one", "two"]);
    session.close();
    one.close();
    two.close();
  });

  it("ends, and then a pod's address is nowhere", async () => {
    endMapping();
    server.listen(8080, POD);
    await expect(once(server, "listening")).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
  });
});
