import type { Job, Pod } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { isOver, msUntilGone, planJob } from "./job-state.ts";

const NOW = Date.parse("2026-01-01T00:01:00Z");

type Phase = NonNullable<NonNullable<Pod["status"]>["phase"]>;

function pods(...phases: readonly Phase[]): readonly Pod[] {
  return phases.map((phase, number) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `job-${number}` },
    spec: { containers: [] },
    status: { phase },
  }));
}

function job(spec: Partial<Job["spec"]>, status?: Job["status"]): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "job" },
    spec: { parallelism: 2, completions: 3, template: { spec: { containers: [] } }, ...spec },
    ...(status && { status }),
  };
}

describe("planJob", () => {
  it.each([
    ["begins as many as may run", job({}), pods(), { create: 2, remove: 0, conditions: [] }],
    [
      "begins no more than are missing",
      job({}),
      pods("Succeeded", "Succeeded"),
      { create: 1, remove: 0, conditions: [] },
    ],
    [
      "tries again after a failure",
      job({}),
      pods("Failed", "Running"),
      { create: 1, remove: 0, conditions: [] },
    ],
    [
      "is complete",
      job({}),
      pods("Succeeded", "Succeeded", "Succeeded"),
      { create: 0, remove: 0, conditions: ["SuccessCriteriaMet", "Complete"] },
    ],
    [
      "gives up after too many failures",
      job({ backoffLimit: 0 }),
      pods("Failed", "Running"),
      { create: 0, remove: 1, conditions: ["FailureTarget", "Failed"] },
    ],
    [
      "gives up after its time",
      job({ activeDeadlineSeconds: 60 }, { startTime: "2026-01-01T00:00:00Z" }),
      pods("Running"),
      { create: 0, remove: 1, conditions: ["FailureTarget", "Failed"] },
    ],
    ["rests", job({ suspend: true }), pods("Running"), { create: 0, remove: 1, conditions: ["Suspended"] }],
  ])("%s", (_name, ...[given, present, expected]) => {
    const { create, remove, status } = planJob(given, present, NOW);
    const conditions = (status.conditions ?? []).map(({ type }) => type);
    expect({ create, remove: remove.length, conditions }).toEqual(expected);
  });

  it("goes when its time after the end is over", () => {
    const { status } = planJob(job({ completions: 1 }), pods("Succeeded"), NOW);
    const done = job({ ttlSecondsAfterFinished: 5 }, status);
    expect([isOver(done), msUntilGone(done, NOW + 2000)]).toEqual([true, 3000]);
  });
});
