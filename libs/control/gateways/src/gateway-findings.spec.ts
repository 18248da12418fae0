import { describe, expect, it } from "vitest";
import { meshIndex, type MeshSnapshot } from "@bookmesh/translate";
import { gatewayFindings } from "./gateway-findings.ts";
import { namedCredentials } from "./named-credentials.ts";
import { gateway, http, https, WORLD } from "./testing/edge-world.ts";

const named = gateway("edge", [https("book", "a.example.com")], 1);

function found(world: Partial<MeshSnapshot>, examined = named): readonly string[] {
  const index = meshIndex({ ...WORLD, ...world });
  return gatewayFindings(examined, index).map(({ code, path, problem }) => `${code} ${path} ${problem}`);
}

describe("gatewayFindings", () => {
  it("has nothing against a Gateway that is served", () => {
    const usable = { namespace: "istio-system", name: "book", certificateChain: "", privateKey: "" };
    expect(found({ gateways: [named], credentials: [usable] })).toEqual([]);
  });

  it.each([
    {
      name: "no pod has its labels",
      world: { pods: [] },
      finding: "IST0101 spec.selector selects no pod: none has the labels istio=ingressgateway",
    },
    {
      name: "no Service leads to its port",
      world: { services: [] },
      finding: "IST0162 spec.servers[0].port.number is not served: no Service of the gateway gives port 443",
    },
    {
      name: "an older Gateway has the port in the clear",
      world: {
        gateways: [
          gateway("older", [{ ...http("*"), port: { number: 443, name: "http", protocol: "HTTP" } }]),
        ],
      },
      finding:
        "IST0145 spec.servers[0].port.protocol is not served: Gateway default/older has the port for HTTP",
    },
    {
      name: "an older Gateway has the host",
      world: { gateways: [gateway("older", [https("older", "b.example.com", "a.example.com")])] },
      finding: `IST0145 spec.servers[0].hosts are not served: Gateway default/older has "a.example.com"`,
    },
    {
      name: "its Secret cannot be used",
      world: { credentials: [{ namespace: "istio-system", name: "book", problem: "does not exist" }] },
      finding:
        "IST0101 spec.servers[0].tls.credentialName Secret istio-system/book does not exist: gateways refuse",
    },
  ])("says that $name", ({ world, finding }) => {
    expect(found(world).join()).toContain(finding);
  });

  it("lets the older of two have a host, and servers in the clear share a port", () => {
    const younger = gateway("younger", [https("younger", "a.example.com")], 2);
    expect(found({ gateways: [named, younger] })).toEqual([]);
    const [one, other] = [gateway("one", [http("*")], 1), gateway("other", [http("*")], 2)];
    expect(found({ gateways: [one, other] }, other)).toEqual([]);
  });
});

describe("namedCredentials", () => {
  it("are those of the pods' namespaces that Gateways name", () => {
    const elsewhere = { ...named, spec: { ...named.spec, selector: { istio: "other" } } };
    expect(namedCredentials({ ...WORLD, gateways: [named, elsewhere] })).toEqual([
      { namespace: "istio-system", name: "book" },
    ]);
  });
});
