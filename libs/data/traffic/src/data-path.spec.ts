import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import type { Listener, ProxySnapshot } from "@bookmesh/proxy-core";
import { describe, expect, it } from "vitest";
import { DataPath } from "./data-path.ts";
import { httpListener } from "./traffic-fixture.ts";

function pathWith(changes: Partial<Listener>): DataPath {
  const listeners = [httpListener(8080, undefined, { direction: "outbound", ...changes })];
  return new DataPath({
    config: snapshotCell<ProxySnapshot>({ listeners, clusters: new Map() }),
    accessLog: { write: () => undefined, dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: Math.random,
    applicationAddress: "127.0.0.1",
    podAddress: "10.0.0.7",
  });
}

describe("a dialled address", () => {
  it.each<{ name: string; listener: Partial<Listener>; address: string; isLoop: boolean }>([
    { name: "its own", listener: { address: "10.0.0.7" }, address: "10.0.0.7", isLoop: true },
    { name: "another pod's", listener: { address: "10.0.0.7" }, address: "10.0.0.8", isLoop: false },
    { name: "its own", listener: { address: "0.0.0.0" }, address: "10.0.0.7", isLoop: true },
    { name: "the machine itself", listener: { address: "::" }, address: "127.0.0.1", isLoop: true },
    { name: "another pod's", listener: { address: "0.0.0.0" }, address: "10.0.0.8", isLoop: false },
    {
      name: "any, at the port that connections are redirected to",
      listener: { address: "0.0.0.0", redirection: "allListeners" },
      address: "10.0.0.8",
      isLoop: true,
    },
    {
      name: "its own, where nothing listens",
      listener: { address: "0.0.0.0", hasSocket: false },
      address: "10.0.0.7",
      isLoop: false,
    },
  ])("that is $name leads back to a listener on $listener.address: $isLoop", (row) => {
    expect(pathWith(row.listener).isLoop("outbound", row.address, 8080)).toBe(row.isLoop);
  });
});
