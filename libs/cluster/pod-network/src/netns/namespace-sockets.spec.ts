import { describe, expect, it } from "vitest";
import { hasListener } from "./namespace-sockets.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2002230 1 000000009bb401b0
   7: 0500F40A:BAC0 56BF600A:1F91 01 00000000:00000000 02:00000044 00000000     0        0 2019405 2 00000000870cccd3
`;

describe("hasListener", () => {
  it.each([
    { port: 8080, listens: true },
    { port: 8081, listens: false },
    { port: 0xbac0, listens: false },
  ])("says of port $port: $listens", ({ port, listens }) => {
    expect(hasListener(TABLE, port)).toBe(listens);
  });
});
