import type { Deployment } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { rollingBounds } from "./strategy.ts";

function deployment(replicas: number, strategy?: Deployment["spec"]["strategy"]): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas, selector: {}, template: { spec: { containers: [] } }, ...(strategy && { strategy }) },
  };
}

describe("rollingBounds", () => {
  it.each([
    { name: "a quarter each by default", of: deployment(4), bounds: { maxSurge: 1, maxUnavailable: 1 } },
    {
      name: "surge rounded up, unavailability down",
      of: deployment(1),
      bounds: { maxSurge: 1, maxUnavailable: 0 },
    },
    {
      name: "numbers as they are",
      of: deployment(5, { rollingUpdate: { maxSurge: 0, maxUnavailable: 2 } }),
      bounds: { maxSurge: 0, maxUnavailable: 2 },
    },
    {
      name: "one unavailable where nothing could move",
      of: deployment(3, { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }),
      bounds: { maxSurge: 0, maxUnavailable: 1 },
    },
    {
      name: "all of them for Recreate",
      of: deployment(3, { type: "Recreate" }),
      bounds: { maxSurge: 0, maxUnavailable: 3 },
    },
  ])("$name", ({ of, bounds }) => {
    expect(rollingBounds(of)).toEqual(bounds);
  });
});
