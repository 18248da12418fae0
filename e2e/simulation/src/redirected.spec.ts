import { explainDestination } from "@bookmesh/proxy-core";
import { seededRandom } from "@bookmesh/testkit";
import { meshTranslator } from "@bookmesh/translate";
import { describe, expect, it } from "vitest";
import { EVERY_PROTOCOL } from "./every-protocol.ts";
import { readObjects } from "./read-objects.ts";
import { sidecarOf } from "./sidecar.ts";
import { worldOf } from "./world.ts";

const POD = {
  namespace: "default",
  labels: { app: "every-protocol" },
  podIp: "10.244.0.9",
  applicationAddress: "127.0.0.1",
  wildcards: ["0.0.0.0", "::"],
};
const resources = meshTranslator().translate(worldOf(readObjects(EVERY_PROTOCOL), {}), POD);
const { listeners } = sidecarOf(resources, seededRandom(1));

/** What `taker` does with a connection that was going to this address and port: `routes / cluster`. */
function served(taker: string, address: string, port: number): string {
  const accepting = listeners.find(({ name }) => name === taker);
  if (!accepting) throw new Error(`There is no listener ${taker}.`);
  const { http, tcp } = explainDestination(listeners, accepting, { address, port }).chains;
  return `${http?.routeConfigName ?? "-"} / ${tcp?.cluster.name ?? "-"}`;
}

const outbound = (port: number) => `outbound|${port}||every-protocol.default.svc.cluster.local`;

describe("a redirected connection", () => {
  it.each([
    { to: "an HTTP port", address: "10.96.0.50", port: 80, by: "80 / PassthroughCluster" },
    { to: "an HTTP port, by IPv6", address: "fd00::50", port: 80, by: "80 / PassthroughCluster" },
    { to: "a TCP port", address: "10.96.0.50", port: 6379, by: `- / ${outbound(6379)}` },
    { to: "a TCP port, by IPv6", address: "fd00::50", port: 6379, by: `- / ${outbound(6379)}` },
    { to: "a port that may be anything", address: "10.96.0.50", port: 7000, by: `7000 / ${outbound(7000)}` },
    {
      to: "HTTP on a port that others use for TCP",
      address: "10.96.0.51",
      port: 5000,
      by: "5000 / PassthroughCluster",
    },
    {
      to: "TCP on a port that others use for HTTP",
      address: "10.96.0.52",
      port: 5000,
      by: "- / outbound|5000||raw.default.svc.cluster.local",
    },
    { to: "a pod of a headless service", address: "10.244.0.7", port: 6379, by: "- / PassthroughCluster" },
    { to: "an address outside", address: "93.184.215.14", port: 443, by: "- / PassthroughCluster" },
    { to: "the sidecar itself", address: "127.0.0.1", port: 15_001, by: "- / BlackHoleCluster" },
  ])("that goes to $to", ({ address, port, by }) => {
    expect(served("virtualOutbound", address, port)).toBe(by);
  });

  it.each([
    { to: "an HTTP port", port: 8080, by: "inbound|8080|| / -" },
    { to: "a TCP port", port: 6379, by: "- / inbound|6379||" },
    { to: "a port that may be anything", port: 7000, by: "inbound|7000|| / inbound|7000||" },
    { to: "a port that no service has", port: 9999, by: "- / InboundPassthroughCluster" },
    { to: "the sidecar itself", port: 15_006, by: "- / BlackHoleCluster" },
  ])("that comes in for $to", ({ port, by }) => {
    expect(served("virtualInbound", POD.podIp, port)).toBe(by);
  });
});
