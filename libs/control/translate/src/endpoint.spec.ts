import type { EndpointSlice } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { HOST, READY, resourcesOf, slice, subsets } from "./testing/rating-world.ts";

describe("endpoints", () => {
  const hosts = (endpoints: EndpointSlice["endpoints"], name = `outbound|8080||${HOST}`) => {
    const json = JSON.stringify(
      resourcesOf("endpoint", { endpointSlices: [slice(endpoints)], destinationRules: [subsets] })[name],
    );
    return [...json.matchAll(/"address":"([\d.]+)".*?"health_status":"(\w+)"/g)].map(
      ([, address, health]) => `${String(address)} ${String(health)}`,
    );
  };
  const [first, second] = READY;
  const with2nd = (conditions: object) => (first && second ? [first, { ...second, conditions }] : []);

  it("are all that are ready", () => {
    expect(hosts(READY)).toEqual(["127.16.0.1 HEALTHY", "127.16.0.2 HEALTHY"]);
  });

  it.each([
    { name: "not ready: out", conditions: { ready: false }, expected: ["127.16.0.1 HEALTHY"] },
    {
      name: "ending, still serving: draining",
      conditions: { ready: false, serving: true, terminating: true },
      expected: ["127.16.0.1 HEALTHY", "127.16.0.2 DRAINING"],
    },
    {
      name: "ending, serving no more: out",
      conditions: { ready: false, serving: false, terminating: true },
      expected: ["127.16.0.1 HEALTHY"],
    },
    {
      name: "ending, published before it was ready: draining",
      conditions: { ready: true, serving: true, terminating: true },
      expected: ["127.16.0.1 HEALTHY", "127.16.0.2 DRAINING"],
    },
    {
      name: "unknown: in",
      conditions: {},
      expected: ["127.16.0.1 HEALTHY", "127.16.0.2 HEALTHY"],
    },
  ])("$name", ({ conditions, expected }) => {
    expect(hosts(with2nd(conditions))).toEqual(expected);
  });

  it("are those that end, as long as they serve and nobody else does", () => {
    const ending = { ready: false, serving: true, terminating: true };
    const all = READY.map((endpoint) => ({ ...endpoint, conditions: ending }));
    const v1: EndpointSlice["endpoints"] = [...all.slice(0, 1), ...READY.slice(1)];
    expect(hosts(all)).toEqual(["127.16.0.1 HEALTHY", "127.16.0.2 HEALTHY"]);
    expect(hosts(v1)).toEqual(["127.16.0.1 DRAINING", "127.16.0.2 HEALTHY"]);
    expect(hosts(v1, `outbound|8080|v1|${HOST}`)).toEqual(["127.16.0.1 HEALTHY"]);
  });

  it("of a subset are those whose pods have its labels", () => {
    expect(hosts(READY, `outbound|8080|v1|${HOST}`)).toEqual(["127.16.0.1 HEALTHY"]);
  });
});
