import { describe, expect, it } from "vitest";
import type { Finding } from "@bookmesh/analysis";
import type { KubeObject } from "@bookmesh/kube-api";
import { newStatus } from "./rule-status.ts";

const EARLIER = "2026-01-01T00:00:00Z";
const NOW = "2026-01-02T00:00:00Z";
const GOOD: readonly Finding[] = [];
const ODD: readonly Finding[] = [
  { code: "IST0133", path: "spec.http[0].route", problem: "weights add up to 90" },
];
const MISSING: readonly Finding[] = [
  { code: "IST0101", path: "spec.hosts[0]", problem: 'names "nobody"' },
  { code: "IST0101", path: "spec.hosts[1]", problem: 'names "nobody else"' },
];
const BAD: readonly Finding[] = [{ code: "IST0106", path: "spec.http", problem: "must not be empty" }];

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
    { name: "is in force", findings: GOOD, condition: { status: "True", reason: "Accepted" }, codes: [] },
    {
      name: "says something odd",
      findings: ODD,
      condition: {
        status: "True",
        reason: "Accepted",
        message: "The rule is in force, but spec.http[0].route: weights add up to 90",
      },
      codes: ["IST0133 WARNING"],
    },
    {
      name: "names something that is not there",
      findings: MISSING,
      condition: { status: "True", reason: "ReferencesMissing" },
      codes: ["IST0101 ERROR"],
    },
    {
      name: "is refused",
      findings: BAD,
      condition: {
        status: "False",
        reason: "Invalid",
        message: "The rule is left out: spec.http: must not be empty",
      },
      codes: ["IST0106 ERROR"],
    },
  ])("says that it $name", ({ findings, condition, codes }) => {
    const status = newStatus(rule(3), findings, NOW);
    expect(status).toMatchObject({
      observedGeneration: 3,
      conditions: [{ type: "Reconciled", lastTransitionTime: NOW, ...condition }],
    });
    expect(status?.validationMessages.map(({ type, level }) => `${type.code} ${level}`)).toEqual(codes);
  });

  it.each([{ findings: GOOD }, { findings: MISSING }, { findings: BAD }])(
    "is written once",
    ({ findings }) => {
      const status = newStatus(rule(3), findings, EARLIER);
      expect(newStatus(rule(3, status), findings, NOW)).toBeUndefined();
    },
  );

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
