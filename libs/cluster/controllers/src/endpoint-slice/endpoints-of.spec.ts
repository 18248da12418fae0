import type { Endpoint, EndpointSlice, Service } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { endpointsOf } from "./endpoints-of.ts";

const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
  spec: { selector: { app: "web" }, clusterIP: "None" },
};

const endpoint = (ip: string, conditions: Endpoint["conditions"], hostname?: string): Endpoint => ({
  addresses: [ip],
  ...(conditions && { conditions }),
  ...(hostname !== undefined && { hostname }),
  nodeName: "bookmesh",
});

const slice = (endpoints: readonly Endpoint[], ports: EndpointSlice["ports"]): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "web-x", namespace: "shop" },
  addressType: "IPv4",
  endpoints,
  ...(ports && { ports }),
});

const HTTP = { name: "http", port: 8080, protocol: "TCP" };
const READY = { ready: true, serving: true, terminating: false };

describe("endpointsOf", () => {
  it("names its Service, and who keeps it", () => {
    expect(endpointsOf(service, [slice([], [HTTP])])).toEqual({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: {
        name: "web",
        namespace: "shop",
        labels: {
          app: "web",
          "service.kubernetes.io/headless": "",
          "endpoints.kubernetes.io/managed-by": "endpoint-controller",
        },
      },
    });
  });

  it.each([
    {
      name: "ready addresses, in order",
      endpoints: [endpoint("10.0.0.2", READY, "web-1"), endpoint("10.0.0.1", READY)],
      ports: [HTTP],
      subset: {
        addresses: [
          { ip: "10.0.0.1", nodeName: "bookmesh" },
          { ip: "10.0.0.2", nodeName: "bookmesh", hostname: "web-1" },
        ],
        ports: [HTTP],
      },
    },
    {
      name: "addresses that are not ready apart",
      endpoints: [endpoint("10.0.0.1", { ready: false, serving: false, terminating: false })],
      ports: [{ ...HTTP, name: "" }],
      subset: {
        notReadyAddresses: [{ ip: "10.0.0.1", nodeName: "bookmesh" }],
        ports: [{ port: 8080, protocol: "TCP" }],
      },
    },
    {
      name: "nothing that is on its way out, and no ports where there are none",
      endpoints: [
        endpoint("10.0.0.1", { ready: false, serving: true, terminating: true }),
        endpoint("10.0.0.2", READY),
      ],
      ports: [],
      subset: { addresses: [{ ip: "10.0.0.2", nodeName: "bookmesh" }] },
    },
  ])("lists $name", ({ endpoints, ports, subset }) => {
    expect(endpointsOf(service, [slice(endpoints, ports)]).subsets).toEqual([subset]);
  });

  it("has a subset for each slice", () => {
    const other = slice([endpoint("10.0.0.2", READY)], [{ ...HTTP, port: 9090 }]);
    const { subsets = [] } = endpointsOf(service, [slice([endpoint("10.0.0.1", READY)], [HTTP]), other]);
    expect(subsets.map(({ ports = [] }) => ports[0]?.port)).toEqual([8080, 9090]);
  });
});
