import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Cleanup } from "./traffic-fixture.ts";
import { SharedReads, Wire, type WireEvents } from "./wire.ts";

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** What a Node without the internals that shared reads need would look like. */
function hideSharedReads(socket: Socket): void {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle === "object" && handle !== null) Reflect.set(handle, "useUserBuffer", undefined);
}

describe("Wire", () => {
  it.each([
    { name: "into the shared buffer where Node can", hides: false },
    { name: "by events where Node cannot", hides: true },
  ])("reads $name", async ({ hides }) => {
    const reads = new SharedReads();
    let text = "";
    let readsShared = false;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      if (hides) hideSharedReads(socket);
      const events: WireEvents = {
        onBytes(input) {
          text += Buffer.from(input.copy()).toString("latin1");
          readsShared = input.bytes === reads.buffer;
        },
        onEnd: () => socket.end(),
        onDrain: () => undefined,
        onClose: () => undefined,
      };
      new Wire(socket, reads, events);
    });
    cleanup.add(() => server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
    const client = connect({ port, host: "127.0.0.1" });
    client.resume();
    client.end("hello");
    await once(client, "close");
    expect(text).toBe("hello");
    expect(readsShared).toBe(!hides);
  });
});
