import { describe, expect, it } from "vitest";
import type { KubeObject } from "@bookmesh/kube-api";
import { newStatus } from "./rule-status.ts";

const EARLIER = "2026-01-01T00:00:00Z";
const NOW = "2026-01-02T00:00:00Z";
const GOOD = { errors: [], warnings: [] };
const MISSING = { errors: [], warnings: [{ path: "spec.hosts[0]", problem: 'names "nobody"' }] };
const BAD = { errors: [{ path: "spec.http", problem: "must not be empty" }], warnings: [] };

function rule(generation: number, status?: unknown): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "rating", generation },
    ...(status !== undefined && { status }),
  };
}

describe("a rule's status", () => {
  it.each([
    { name: "is in force", review: GOOD, condition: { status: "True", reason: "Accepted" }, codes: [] },
    {
      name: "names something that is not there",
      review: MISSING,
      condition: { status: "True", reason: "ReferencesMissing" },
      codes: ["IST0101 WARNING"],
    },
    {
      name: "is refused",
      review: BAD,
      condition: {
        status: "False",
        reason: "Invalid",
        message: "The rule is left out: spec.http: must not be empty",
      },
      codes: ["IST0106 ERROR"],
    },
  ])("says that it $name", ({ review, condition, codes }) => {
    const status = newStatus(rule(3), review, NOW);
    expect(status).toMatchObject({
      observedGeneration: 3,
      conditions: [{ type: "Reconciled", lastTransitionTime: NOW, ...condition }],
    });
    expect(status?.validationMessages.map(({ type, level }) => `${type.code} ${level}`)).toEqual(codes);
  });

  it.each([GOOD, MISSING, BAD])("is written once", (review) => {
    const status = newStatus(rule(3), review, EARLIER);
    expect(newStatus(rule(3, status), review, NOW)).toBeUndefined();
  });

  it("keeps since when it holds, and what others wrote", () => {
    const other = { type: "Programmed", status: "True" };
    const first = newStatus(rule(1), GOOD, EARLIER);
    const before = { ...first, conditions: [other, ...(first?.conditions ?? [])] };
    const after = newStatus(rule(2, before), MISSING, NOW);
    expect(after).toMatchObject({
      observedGeneration: 2,
      conditions: [other, { type: "Reconciled", lastTransitionTime: EARLIER }],
    });
    expect(newStatus(rule(2, after), BAD, NOW)?.conditions.at(-1)?.lastTransitionTime).toBe(NOW);
  });

  it.each([
    "text",
    { conditions: null },
    { conditions: [null, 7], validationMessages: 7 },
    { validationMessages: [{}] },
  ])("survives %j", (status) => {
    expect(newStatus(rule(1, status), GOOD, NOW)).toBeDefined();
  });
});
