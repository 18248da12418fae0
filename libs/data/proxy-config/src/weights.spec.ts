import { explainRoute, type ForwardAction } from "@bookmesh/proxy-core";
import { propertyRuns, seededRandom } from "@bookmesh/testkit";
import { create } from "@bufbuild/protobuf";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import { ClusterSchema, ListenerSchema, RouteConfigurationSchema } from "@bookmesh/xds-api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCluster } from "./cluster.ts";
import { compileSnapshot, EMPTY_SNAPSHOT } from "./compile-snapshot.ts";
import { decodeListener } from "./listener.ts";
import { decodeRouteConfiguration } from "./route.ts";
import { edsCluster, rdsListener, unpacked, valueOf } from "./sample-resources.ts";

const DRAWS = 20_000;
/** So many standard deviations off the middle come once in a thousand million times. */
const DEVIATIONS = 6;

const cluster = (any: Any) => valueOf(decodeCluster(unpacked(anyUnpack(any, ClusterSchema))));

/** Routes of a listener that sends every request to clusters with these weights. */
function tableWith(weights: Readonly<Record<string, number>>) {
  const clusters = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  const action = { clusterSpecifier: { case: "weightedClusters", value: { clusters } } } as const;
  const match = { pathSpecifier: { case: "prefix", value: "/" } } as const;
  const routes = create(RouteConfigurationSchema, {
    name: "r",
    virtualHosts: [
      { name: "v", domains: ["*"], routes: [{ match, action: { case: "route", value: action } }] },
    ],
  });
  const random = seededRandom(7);
  const listener = unpacked(anyUnpack(rdsListener("l", "r"), ListenerSchema));
  const resources = {
    listeners: new Map([["l", valueOf(decodeListener(listener, random))]]),
    routes: new Map([["r", valueOf(decodeRouteConfiguration(routes, random))]]),
    clusters: new Map(clusters.map(({ name }) => [name, cluster(edsCluster(name))])),
    endpoints: new Map(),
    secrets: new Map(),
  };
  const { snapshot } = compileSnapshot(resources, EMPTY_SNAPSHOT, random);
  return unpacked(snapshot.listeners[0]?.http?.routes);
}

function actionOf(table: ReturnType<typeof tableWith>): ForwardAction {
  const action = table.findVirtualHost("any")?.catchAll?.action;
  if (action?.kind !== "forward") throw new Error("The route does not forward.");
  return action;
}

describe("weighted clusters", () => {
  const table = tableWith({ a: 75, b: 25, c: 0 });

  it.each([
    { draw: 0, name: "a" },
    { draw: 0.7499, name: "a" },
    { draw: 0.75, name: "b" },
    { draw: 0.9999, name: "b" },
  ])("draws $name at $draw", ({ draw, name }) => {
    expect(actionOf(table).pickCluster(draw)?.name).toBe(name);
  });

  it("are explained with their shares", () => {
    const request = { method: "GET", path: "/", authority: "any", scheme: "http", header: () => undefined };
    expect(explainRoute(table, request)).toEqual({
      virtualHost: "v",
      route: "0",
      targets: [
        { cluster: "a", fraction: 0.75 },
        { cluster: "b", fraction: 0.25 },
        { cluster: "c", fraction: 0 },
      ],
      reason: 'Virtual host "v", route 0 (prefix "/"): goes to a (75 %), b (25 %), c (0 %).',
    });
  });

  it("get their shares, whatever these are, as far as chance allows (chi-square)", () => {
    const anyWeights = fc
      .array(fc.nat(100), { minLength: 2, maxLength: 6 })
      .filter((all) => all.some((one) => one > 0));
    fc.assert(
      fc.property(anyWeights, fc.integer(), (weights, seed) => {
        const action = actionOf(
          tableWith(Object.fromEntries(weights.map((weight, index) => [`c${index}`, weight]))),
        );
        const random = seededRandom(seed);
        const seen = weights.map(() => 0);
        for (let draw = 0; draw < DRAWS; draw += 1) {
          const index = Number(action.pickCluster(random())?.name.slice(1));
          seen[index] = (seen[index] ?? 0) + 1;
        }
        const sum = weights.reduce((total, weight) => total + weight, 0);
        const expected = weights.map((weight) => (DRAWS * weight) / sum);
        expect(expected.every((count, index) => count > 0 || seen[index] === 0)).toBe(true);
        const counted = expected.flatMap((count, index) =>
          count > 0 ? [{ count, seen: seen[index] ?? 0 }] : [],
        );
        const chiSquare = counted.reduce(
          (total, { count, seen: real }) => total + (real - count) ** 2 / count,
          0,
        );
        expect(chiSquare).toBeLessThanOrEqual(chiSquareLimit(counted.length - 1));
      }),
      propertyRuns(50),
    );
  });
});

/** What chance exceeds as seldom as it exceeds `DEVIATIONS` of a normal distribution. Source: Wilson and Hilferty 1931. */
function chiSquareLimit(degrees: number): number {
  if (degrees === 0) return 0;
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + DEVIATIONS * Math.sqrt(spread)) ** 3;
}
