import { describe, expect, it } from "vitest";
import { DEFAULT_INTERCEPTION, readInterception } from "./interception.ts";

describe("readInterception", () => {
  it("knows the sidecar by user and group", () => {
    const read = readInterception(DEFAULT_INTERCEPTION);
    expect(read).toMatchObject({ ok: true, value: { proxy: { uids: [1_337], gids: [1_337] } } });
  });

  it("knows the sidecar by the addresses that it dials from, where they are given", () => {
    const read = readInterception({ ...DEFAULT_INTERCEPTION, proxySourceAddress: "10.1.0.2,fd00::2" });
    const sources = [
      { family: 4, cidr: "10.1.0.2/32" },
      { family: 6, cidr: "fd00::2/128" },
    ];
    expect(read).toMatchObject({ ok: true, value: { proxy: { sources } } });
  });

  it.each([
    { change: { mode: "TPROXY" }, says: "--istio-inbound-interception-mode" },
    { change: { outboundPort: "*" }, says: "--envoy-port" },
    { change: { inboundPort: "1,2" }, says: "--inbound-capture-port" },
    { change: { proxyUid: "root" }, says: "--proxy-uid" },
    { change: { proxyUid: "", proxyGid: "" }, says: "--proxy-source-address" },
    { change: { excludeInboundPorts: "*" }, says: "include nothing" },
    { change: { virtualInterfaces: "tap0" }, says: "--kube-virt-interfaces" },
    { change: { proxySourceAddress: "here" }, says: "--proxy-source-address" },
  ])("refuses $change", ({ change, says }) => {
    const read = readInterception({ ...DEFAULT_INTERCEPTION, ...change });
    expect(read).toEqual({ ok: false, error: expect.stringContaining(says) as string });
  });

  it("says everything that is wrong at once", () => {
    const read = readInterception({ ...DEFAULT_INTERCEPTION, mode: "", excludeInterfaces: "*" });
    expect(read).toEqual({
      ok: false,
      error: expect.stringMatching(/interception-mode.*exclude-interfaces/) as string,
    });
  });
});
