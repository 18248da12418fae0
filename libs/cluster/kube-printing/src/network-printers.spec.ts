import { describe, expect, it } from "vitest";
import { ENDPOINT_SLICE_PRINTER, SERVICE_PRINTER } from "./network-printers.ts";

function serviceCells(spec: object, status: object = {}): readonly unknown[] {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "rating" }, spec, status };
  return SERVICE_PRINTER.cells(service, 0);
}

const ports = [{ port: 8080, nodePort: 31304, protocol: "TCP" }];

describe("SERVICE_PRINTER", () => {
  it.each([
    {
      name: "a load balancer that waits",
      spec: { type: "LoadBalancer", ports },
      cell: 3,
      shown: "<pending>",
    },
    { name: "node ports", spec: { type: "NodePort", ports }, cell: 4, shown: "8080:31304/TCP" },
    {
      name: "plain ports",
      spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "UDP" }] },
      cell: 4,
      shown: "80/UDP",
    },
    { name: "no ports", spec: { type: "ExternalName", externalName: "a.b" }, cell: 4, shown: "<none>" },
    { name: "a name elsewhere", spec: { type: "ExternalName", externalName: "a.b" }, cell: 3, shown: "a.b" },
    { name: "a headless service", spec: { clusterIPs: ["None"] }, cell: 2, shown: "None" },
    { name: "a selector", spec: { selector: { b: "2", a: "1" } }, cell: 6, shown: "a=1,b=2" },
  ])("shows $name", ({ spec, cell, shown }) => {
    expect(serviceCells(spec)[cell]).toBe(shown);
  });

  it("shows the address of a load balancer", () => {
    const status = { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } };
    expect(serviceCells({ type: "LoadBalancer", ports }, status)[3]).toBe("127.0.0.1");
  });
});

describe("ENDPOINT_SLICE_PRINTER", () => {
  it("shows three endpoints and how many more there are", () => {
    const slice = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "rating-1" },
      addressType: "IPv4",
      ports: [{ port: 8080 }],
      endpoints: [
        { addresses: ["127.16.0.1", "127.16.0.2"] },
        { addresses: ["127.16.0.3"] },
        { addresses: ["127.16.0.4"] },
      ],
    };
    expect(ENDPOINT_SLICE_PRINTER.cells(slice, 0).slice(1, 4)).toEqual([
      "IPv4",
      "8080",
      "127.16.0.1,127.16.0.2,127.16.0.3 + 1 more...",
    ]);
  });
});
