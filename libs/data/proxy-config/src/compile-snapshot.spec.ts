import { type RequestView, explainRoute } from "@bookmesh/proxy-core";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  HealthStatus,
  ListenerSchema,
  RouteConfigurationSchema,
} from "@bookmesh/xds-api";
import { seededRandom } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { decodeCluster } from "./cluster.ts";
import { compileSnapshot, EMPTY_SNAPSHOT, type AcceptedResources } from "./compile-snapshot.ts";
import { decodeAssignment } from "./endpoint.ts";
import { decodeListener } from "./listener.ts";
import { decodeRouteConfiguration } from "./route.ts";
import { edsCluster, endpointsOf, rdsListener, routesTo, unpacked, valueOf } from "./sample-resources.ts";

const random = seededRandom(7);
const cluster = (any: Any) => valueOf(decodeCluster(unpacked(anyUnpack(any, ClusterSchema))));
const assignment = (any: Any) =>
  valueOf(decodeAssignment(unpacked(anyUnpack(any, ClusterLoadAssignmentSchema))));
const listener = (any: Any) => valueOf(decodeListener(unpacked(anyUnpack(any, ListenerSchema)), random));
const routes = (any: Any) =>
  valueOf(decodeRouteConfiguration(unpacked(anyUnpack(any, RouteConfigurationSchema)), random));

function accepted(parts: {
  readonly routes?: Any;
  readonly endpoints?: Any;
  readonly cluster?: Any;
}): AcceptedResources {
  return {
    listeners: new Map([["l", listener(rdsListener("l", "r"))]]),
    routes: new Map([["r", routes(parts.routes ?? routesTo("r", { rating: "a" }))]]),
    clusters: new Map([["a", cluster(parts.cluster ?? edsCluster("a"))]]),
    endpoints: new Map([["a", assignment(parts.endpoints ?? endpointsOf("a", "10.0.0.1", "10.0.0.2"))]]),
    secrets: new Map(),
  };
}

function request(authority: string): RequestView {
  return { method: "GET", path: "/", authority, scheme: "http", header: () => undefined };
}

describe("compileSnapshot", () => {
  it.each([
    { name: "an exact domain before all others", authority: "rating.shop", virtualHost: "rating.shop" },
    { name: "the longest suffix", authority: "a.b.shop", virtualHost: "*.b.shop" },
    { name: "a suffix before a prefix", authority: "rating.x.shop", virtualHost: "*.shop" },
    { name: "the longest prefix", authority: "rating.example", virtualHost: "rating.*" },
    { name: "the asterisk last", authority: "other", virtualHost: "*" },
  ])("takes $name", ({ authority, virtualHost }) => {
    const domains = ["*", "rat*", "rating.*", "*.shop", "*.b.shop", "rating.shop"];
    const config = routesTo("r", Object.fromEntries(domains.map((domain) => [domain, "a"])));
    const { snapshot } = compileSnapshot(accepted({ routes: config }), EMPTY_SNAPSHOT, random);
    expect(snapshot.listeners[0]?.http?.routes.findVirtualHost(authority)?.name).toBe(virtualHost);
  });

  it("keeps the hosts that stay, marks those that go, and keeps whose turn it is", () => {
    const first = compileSnapshot(accepted({}), EMPTY_SNAPSHOT, random);
    const [one, two] = first.snapshot.clusters.get("a")?.hosts ?? [];
    expect(first.snapshot.clusters.get("a")?.pickHost([])).toBe(one);
    const endpoints = endpointsOf("a", "10.0.0.3", "10.0.0.2");
    const second = compileSnapshot(accepted({ endpoints }), first, random);
    expect(second.snapshot.clusters.get("a")?.hosts.map(({ address }) => address)).toEqual([
      "10.0.0.2",
      "10.0.0.3",
    ]);
    expect(second.snapshot.clusters.get("a")?.hosts[0]).toBe(two);
    expect([one?.isMember, two?.isMember]).toEqual([false, true]);
    expect(second.snapshot.clusters.get("a")?.pickHost([])?.address).toBe("10.0.0.3");
  });

  it("keeps the whole cluster where nothing changed", () => {
    const resources = accepted({});
    const first = compileSnapshot(resources, EMPTY_SNAPSHOT, random);
    const second = compileSnapshot(resources, first, random);
    expect(second.snapshot.clusters.get("a")).toBe(first.snapshot.clusters.get("a"));
  });

  it("marks the hosts of a cluster that goes", () => {
    const first = compileSnapshot(accepted({}), EMPTY_SNAPSHOT, random);
    compileSnapshot({ ...accepted({}), clusters: new Map() }, first, random);
    expect(first.snapshot.clusters.get("a")?.hosts.map(({ isMember }) => isMember)).toEqual([false, false]);
  });

  it.each([
    { name: "leaves out a host that drains", healths: [0, HealthStatus.DRAINING], hosts: ["10.0.0.1"] },
    {
      name: "uses all where too few are healthy",
      healths: [0, HealthStatus.UNHEALTHY, HealthStatus.UNHEALTHY],
      hosts: ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
    },
  ] as const)("$name", ({ healths, hosts }) => {
    const endpoints = endpointsOf(
      "a",
      ...healths.map((health, index) => [`10.0.0.${index + 1}`, health] as const),
    );
    const { snapshot } = compileSnapshot(accepted({ endpoints }), EMPTY_SNAPSHOT, random);
    expect(snapshot.clusters.get("a")?.hosts.map(({ address }) => address)).toEqual(hosts);
  });

  it("leaves a listener out as long as its routes are missing", () => {
    const { snapshot } = compileSnapshot({ ...accepted({}), routes: new Map() }, EMPTY_SNAPSHOT, random);
    expect(snapshot.listeners).toEqual([]);
  });
});

describe("explainRoute", () => {
  it("says why nothing is found", () => {
    const { snapshot } = compileSnapshot(accepted({}), EMPTY_SNAPSHOT, random);
    const table = snapshot.listeners[0]?.http?.routes;
    expect(table && explainRoute(table, request("nobody")).reason).toBe(
      'No virtual host has the domain "nobody": 404.',
    );
  });
});
