import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { listeningInode, requireFreePort } from "./port-owner.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1111 1
   1: 0200007F:192B 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 2222 1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3333 1
`;

describe("listeningInode", () => {
  it.each([
    { name: "a listener on the address", address: "127.0.0.1", port: 6443, inode: "1111" },
    { name: "no mere connection", address: "127.0.0.2", port: 6443, inode: undefined },
    { name: "a listener on all addresses", address: "127.0.0.9", port: 8080, inode: "3333" },
  ])("finds $name", ({ address, port, inode }) => {
    expect(listeningInode(TABLE, address, port)).toBe(inode);
  });
});

describe("requireFreePort", () => {
  it("names the port and the process that has it", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    await expect(requireFreePort("127.0.0.1", port)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by process ${process.pid}`,
    );
    server.close();
  });
});
