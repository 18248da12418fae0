import type { Pod } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { MAX_BURST, planReplicas } from "./replica-plan.ts";

function pod(name: string, ready: boolean, creationTimestamp = "2026-01-01T00:00:00Z"): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, creationTimestamp },
    spec: { containers: [] },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

describe("planReplicas", () => {
  it.each([
    { name: "creates what is missing", wanted: 3, active: [pod("a", true)], create: 2, remove: [] },
    { name: "creates a limited number at once", wanted: 5000, active: [], create: MAX_BURST, remove: [] },
    {
      name: "removes unready pods first",
      wanted: 1,
      active: [pod("a", true), pod("b", false)],
      create: 0,
      remove: ["b"],
    },
    {
      name: "removes the youngest of the ready ones",
      wanted: 1,
      active: [pod("young", true, "2026-01-02T00:00:00Z"), pod("old", true)],
      create: 0,
      remove: ["young"],
    },
  ])("$name", ({ wanted, active, create, remove }) => {
    const plan = planReplicas(wanted, active);
    expect(plan.create).toBe(create);
    expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(remove);
  });
});
