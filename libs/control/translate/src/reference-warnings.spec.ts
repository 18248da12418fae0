import { describeIssues } from "@bookmesh/kernel";
import { describe, expect, it } from "vitest";
import { referenceWarnings } from "./reference-warnings.ts";
import { HOST, subsets, toV1, WORLD } from "./testing/rating-world.ts";

const world = { ...WORLD, destinationRules: [subsets] };

function warningsOf(object: Parameters<typeof referenceWarnings>[0], over = world): string {
  return describeIssues(referenceWarnings(object, over));
}

function virtualService(destination: { host: string; subset?: string; port?: { number: number } }) {
  return { ...toV1, spec: { hosts: ["rating"], http: [{ route: [{ destination }] }] } };
}

describe("referenceWarnings", () => {
  it.each([
    {
      name: "a host",
      destination: { host: "ratings" },
      warning:
        "spec.http[0].route[0].destination.host: names ratings.default.svc.cluster.local, which is no service",
    },
    {
      name: "a host that only looks complete",
      destination: { host: "rating.default" },
      warning: "spec.http[0].route[0].destination.host: names rating.default, which is no service",
    },
    {
      name: "a subset",
      destination: { host: "rating", subset: "v9" },
      warning: `spec.http[0].route[0].destination.subset: "v9" is in no DestinationRule of ${HOST}: calls get 503`,
    },
    {
      name: "a port",
      destination: { host: "rating", port: { number: 9090 } },
      warning: `spec.http[0].route[0].destination.port.number: 9090 is no port of ${HOST}: calls get 503`,
    },
  ])("names $name that is missing", ({ destination, warning }) => {
    expect(warningsOf(virtualService(destination))).toContain(warning);
  });

  it("has nothing to say of what is there", () => {
    expect(warningsOf(virtualService({ host: "rating", subset: "v1", port: { number: 8080 } }))).toBe("");
    expect(warningsOf(subsets)).toBe("");
  });

  it("names an older rule that has the same host", () => {
    const older = {
      ...toV1,
      metadata: { name: "first", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" },
    };
    expect(warningsOf(toV1, { ...world, virtualServices: [older] })).toContain(
      "spec.hosts[0]: has no effect: the older VirtualService default/first has the same host",
    );
  });

  it("names a service that a DestinationRule misses", () => {
    const rule = { ...subsets, spec: { host: "ratings" } };
    expect(warningsOf(rule)).toContain(
      "spec.host: names ratings.default.svc.cluster.local, which is no service",
    );
  });

  it("names a subset whose labels no pod has", () => {
    const rule = {
      ...subsets,
      spec: { host: "rating", subsets: [{ name: "v9", labels: { version: "v9" } }] },
    };
    expect(warningsOf(rule)).toContain(
      `spec.subsets[0].labels: select no endpoint of ${HOST}: calls of subset "v9" get 503`,
    );
  });
});
