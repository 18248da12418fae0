import type { Pod, PodDisruptionBudget } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { budgetStatus, msUntilForgotten } from "./budget-status.ts";

const NOW = "2026-01-01T00:10:00Z";
const NOW_MS = Date.parse(NOW);

const budget = (
  spec: PodDisruptionBudget["spec"],
  status?: Partial<NonNullable<PodDisruptionBudget["status"]>>,
): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "shop", generation: 2 },
  spec,
  ...(status && {
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...status },
  }),
});

const pod = (name: string, { isReady = true, isLeaving = false } = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop", ...(isLeaving && { deletionTimestamp: NOW }) },
  spec: { containers: [] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
});

const three = [pod("a"), pod("b"), pod("c")];

describe("budgetStatus", () => {
  it.each([
    { spec: { minAvailable: 2 }, pods: three, wanted: 0, counts: [3, 2, 1, 3] },
    { spec: { minAvailable: 5 }, pods: three, wanted: 0, counts: [3, 5, 0, 3] },
    { spec: { minAvailable: "50%" }, pods: three, wanted: 3, counts: [3, 2, 1, 3] },
    { spec: { maxUnavailable: 1 }, pods: three, wanted: 3, counts: [3, 2, 1, 3] },
    { spec: { maxUnavailable: "30%" }, pods: three, wanted: 3, counts: [3, 2, 1, 3] },
    { spec: { maxUnavailable: 9 }, pods: three, wanted: 3, counts: [3, 0, 3, 3] },
    { spec: { maxUnavailable: 1 }, pods: three.slice(0, 2), wanted: 3, counts: [2, 2, 0, 3] },
    { spec: {}, pods: three, wanted: 0, counts: [3, 0, 3, 3] },
    { spec: { maxUnavailable: 1 }, pods: three, wanted: 0, counts: [3, 0, 0, 0] },
    { spec: { minAvailable: 1 }, pods: [], wanted: 0, counts: [0, 1, 0, 0] },
    {
      spec: { minAvailable: 1 },
      pods: [pod("a"), pod("b", { isReady: false }), pod("c", { isLeaving: true })],
      wanted: 0,
      counts: [1, 1, 0, 3],
    },
  ])("counts $spec with $pods.length pods of $wanted", ({ spec, pods, wanted, counts }) => {
    const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } = budgetStatus(
      budget(spec),
      { pods, wanted },
      NOW_MS,
    );
    expect([currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods]).toEqual(counts);
  });

  it("says since when disruptions are allowed, and for which generation", () => {
    const since = "2026-01-01T00:00:00Z";
    const old = { type: "DisruptionAllowed", status: "True" as const, lastTransitionTime: since };
    const of = (spec: PodDisruptionBudget["spec"]) =>
      budgetStatus(budget(spec, { conditions: [old] }), { pods: three, wanted: 0 }, NOW_MS);
    const condition = { type: "DisruptionAllowed", message: "", observedGeneration: 2 };
    expect(of({ minAvailable: 1 })).toMatchObject({
      observedGeneration: 2,
      conditions: [{ ...condition, status: "True", reason: "SufficientPods", lastTransitionTime: since }],
    });
    expect(of({ minAvailable: 3 }).conditions).toEqual([
      { ...condition, status: "False", reason: "InsufficientPods", lastTransitionTime: NOW },
    ]);
  });

  it("does not count a pod whose eviction was granted, until it goes or the time for it is over", () => {
    const disruptedPods = { a: NOW, b: "2026-01-01T00:07:00Z", gone: NOW };
    const status = budgetStatus(
      budget({ minAvailable: 1 }, { disruptedPods }),
      { pods: three, wanted: 0 },
      NOW_MS,
    );
    expect(status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1, disruptedPods: { a: NOW } });
    expect(msUntilForgotten(status, NOW_MS)).toBe(120_000);
  });

  it("allows nothing where nobody can tell how many pods there should be", () => {
    const wanted = { unknown: "daemonsets.apps does not implement the scale subresource" };
    expect(budgetStatus(budget({ maxUnavailable: 1 }), { pods: three, wanted }, NOW_MS)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ status: "False", reason: "SyncFailed", message: wanted.unknown }],
    });
  });
});
