import { describe, expect, it } from "vitest";
import { proportionalSizes, recreateStep, rollingStep, type ReplicaCount } from "./rollout-plan.ts";

const count = (name: string, wanted: number, available = wanted): ReplicaCount => ({
  name,
  wanted,
  available,
});

describe("rollingStep", () => {
  it.each([
    {
      name: "grows the new one as far as the surge allows",
      current: count("new", 0),
      old: [count("old", 4)],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: { new: 1 },
    },
    {
      name: "shrinks the old one as far as availability allows",
      current: count("new", 1, 0),
      old: [count("old", 4)],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: { old: 3 },
    },
    {
      name: "waits while the new pods are not available",
      current: count("new", 2, 0),
      old: [count("old", 3)],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: {},
    },
    {
      name: "removes old pods that do not serve before those that do",
      current: count("new", 1, 1),
      old: [count("broken", 2, 0), count("old", 2)],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: { broken: 0 },
    },
    {
      name: "never goes below availability with a surge of one and nothing unavailable",
      current: count("new", 1, 0),
      old: [count("old", 4)],
      bounds: { maxSurge: 1, maxUnavailable: 0 },
      sizes: {},
    },
    {
      name: "shrinks the new one when the deployment was scaled down",
      current: count("new", 6),
      old: [],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: { new: 4 },
    },
    {
      name: "does nothing when all is done",
      current: count("new", 4),
      old: [count("old", 0)],
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      sizes: {},
    },
  ])("$name", ({ current, old, bounds, sizes }) => {
    expect(Object.fromEntries(rollingStep({ replicas: 4, current, old }, bounds))).toEqual(sizes);
  });
});

describe("recreateStep", () => {
  it.each([
    { name: "ends everything old first", current: 0, old: 3, oldPodsLeft: true, sizes: { old: 0 } },
    { name: "waits for the old pods to be gone", current: 0, old: 0, oldPodsLeft: true, sizes: {} },
    { name: "then starts everything new", current: 0, old: 0, oldPodsLeft: false, sizes: { new: 2 } },
    { name: "and is done", current: 2, old: 0, oldPodsLeft: false, sizes: {} },
  ])("$name", ({ current, old, oldPodsLeft, sizes }) => {
    const rollout = { replicas: 2, current: count("new", current), old: [count("old", old)] };
    expect(Object.fromEntries(recreateStep(rollout, oldPodsLeft))).toEqual(sizes);
  });
});

describe("proportionalSizes", () => {
  it.each([
    { name: "shares growth", sets: [count("a", 6), count("b", 4)], limit: 20, sizes: { a: 12, b: 8 } },
    {
      name: "gives the rest to the largest",
      sets: [count("a", 2), count("b", 1)],
      limit: 7,
      sizes: { a: 5, b: 2 },
    },
    { name: "ends all", sets: [count("a", 2), count("b", 1)], limit: 0, sizes: { a: 0, b: 0 } },
    { name: "leaves a fitting number alone", sets: [count("a", 2), count("b", 1)], limit: 3, sizes: {} },
  ])("$name", ({ sets, limit, sizes }) => {
    expect(Object.fromEntries(proportionalSizes(sets, limit))).toEqual(sizes);
  });
});
