import type { Service } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { servedPorts, serviceRules, type ServedPort } from "./service-rules.ts";

const PLACES = { gateway: "10.244.0.1", pods: "10.244.0.0/15", apiPort: 6443, dnsPort: 53, exitPort: 15_999 };
const host = (last: number) => ({ host: `10.244.0.${last}`, port: 8080 });
const rating: ServedPort = { clusterIp: "10.96.0.7", port: 80, protocol: "tcp", targets: [] };

/** The rules that speak of the Service. */
function rulesOf(served: ServedPort): readonly string[] {
  const prefix = "-A PREROUTING -d 10.96.0.7 -p tcp --dport 80 ";
  const lines = serviceRules(PLACES, [served], []).split("\n");
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

describe("serviceRules", () => {
  it("gives each endpoint the same chance", () => {
    expect(rulesOf({ ...rating, targets: [host(2), host(3), host(4)] })).toEqual([
      "-m statistic --mode random --probability 0.33333333 -j DNAT --to-destination 10.244.0.2:8080",
      "-m statistic --mode random --probability 0.50000000 -j DNAT --to-destination 10.244.0.3:8080",
      "-j DNAT --to-destination 10.244.0.4:8080",
    ]);
  });

  it("sends a caller to the endpoint that it had, where the Service wants that", () => {
    const list = (last: number) => `-m recent --name 10.96.0.7-tcp-80-10.244.0.${last}-8080`;
    expect(rulesOf({ ...rating, targets: [host(2), host(3)], affinitySeconds: 60 })).toEqual([
      `${list(2)} --update --seconds 60 --reap --rsource -j DNAT --to-destination 10.244.0.2:8080`,
      `${list(3)} --update --seconds 60 --reap --rsource -j DNAT --to-destination 10.244.0.3:8080`,
      `-m statistic --mode random --probability 0.50000000 ${list(2)} --set --rsource -j DNAT --to-destination 10.244.0.2:8080`,
      `${list(3)} --set --rsource -j DNAT --to-destination 10.244.0.3:8080`,
    ]);
  });

  it("refuses what is sent to a Service without endpoints", () => {
    expect(rulesOf(rating)).toEqual(["-j DNAT --to-destination 10.244.0.1:1"]);
  });

  it("has DNS, the API, the way out, and a caller's address for pods that reach themselves", () => {
    expect(serviceRules(PLACES, [], ["10.244.0.2"])).toBe(`*nat
-A PREROUTING -d 10.96.0.1 -p tcp --dport 443 -j DNAT --to-destination 10.244.0.1:6443
-A PREROUTING -d 10.96.0.10 -p udp --dport 53 -j DNAT --to-destination 10.244.0.1:53
-A PREROUTING -d 10.96.0.10 -p tcp --dport 53 -j DNAT --to-destination 10.244.0.1:53
-A PREROUTING -d 10.96.0.0/16 -j RETURN
-A PREROUTING -s 10.244.0.0/15 ! -d 10.244.0.0/15 -p tcp -j DNAT --to-destination 10.244.0.1:15999
-A POSTROUTING -s 10.244.0.2 -d 10.244.0.2 -j SNAT --to-source 10.244.0.1
COMMIT
`);
  });
});

describe("servedPorts", () => {
  const service = (spec: Service["spec"]): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "rating", namespace: "default" },
    spec,
  });

  it("keeps endpoints in one order, whoever's turn it is", () => {
    const spec = { clusterIP: "10.96.0.7", ports: [{ port: 80 }, { port: 53, protocol: "UDP" as const }] };
    const ports = servedPorts(service(spec), () => [host(3), host(2)]);
    expect(ports).toEqual([
      { ...rating, targets: [host(2), host(3)] },
      { ...rating, port: 53, protocol: "udp", targets: [host(2), host(3)] },
    ]);
  });

  it("says how long a caller stays", () => {
    const spec = { clusterIP: "10.96.0.7", ports: [{ port: 80 }], sessionAffinity: "ClientIP" as const };
    expect(servedPorts(service(spec), () => [])).toEqual([{ ...rating, affinitySeconds: 10_800 }]);
  });

  it.each([{ clusterIP: "None" }, {}, { clusterIP: "10.96.0.1" }])("leaves %j alone", (spec) => {
    expect(servedPorts(service({ ...spec, ports: [{ port: 80 }] }), () => [])).toEqual([]);
  });
});
