import { describe, expect, it } from "vitest";
import { halfOpenPorts } from "./handshakes.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:3A9E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77880 1 00000000f3647abf 100 0 0 10 0
   1: 0100007F:3A9E 0100007F:ECDE 03 00000000:00000000 01:00000063 00000000     0        0 0 1 00000000e6e11bad
   2: 0100007F:ECDE 0100007F:3A9E 02 00000000:00000001 01:00000063 00000000     0        0 77881 2 00000000e6e11bae 100 0 0 10 -1
`;
const TABLE6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:C350 03 00000000:00000000 01:00000063 00000000     0        0 0 1 00000000e6e11bad
  12: 00000000000000000000000001000000:0050 00000000000000000000000001000000:C351 01 00000000:00000000 00:00000000 00000000     0        0 77882 1 00000000e6e11bad 20 4 30 10 -1
`;

describe("halfOpenPorts", () => {
  it.each([
    {
      name: "a server's port, neither its listening socket nor the client's",
      table: TABLE,
      expected: [15_006],
    },
    { name: "a port of IPv6", table: TABLE6, expected: [8_080] },
    { name: "nothing in no table", table: "", expected: [] },
  ])("finds $name", ({ table, expected }) => {
    expect(halfOpenPorts(table)).toEqual(expected);
  });
});
