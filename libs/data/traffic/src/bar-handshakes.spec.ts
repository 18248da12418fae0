import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { loadBarHandshakes } from "./bar-handshakes.ts";

describe.skipIf(process.platform !== "linux")("a server whose handshakes are barred", () => {
  it("connects to nobody any more: who dials is refused when it closes", async () => {
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const bar = await loadBarHandshakes();
    bar(server);
    const client = connect(port, "127.0.0.1");
    const outcome = once(client, "connect");
    await new Promise(setImmediate); // by now the kernel has sent the first segment
    server.close();
    await expect(outcome).rejects.toThrow("ECONNREFUSED");
  });

  it("keeps the connections that it has", async () => {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = connect(port, "127.0.0.1");
    await once(server, "connection");
    const bar = await loadBarHandshakes();
    bar(server);
    client.end("hello");
    const echo = await new Promise<string>((resolve) =>
      client.once("data", (bytes) => resolve(String(bytes))),
    );
    expect(echo).toBe("hello");
    server.close();
    await once(server, "close");
  });
});
