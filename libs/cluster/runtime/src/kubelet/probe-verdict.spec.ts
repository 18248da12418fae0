import { describe, expect, it } from "vitest";
import { NO_VERDICT, nextVerdict, probeTiming } from "./probe-verdict.ts";

describe("nextVerdict", () => {
  const timing = { ...probeTiming({}), successThreshold: 2, failureThreshold: 3 };
  it.each([
    { answers: "", outcome: "unknown" },
    { answers: "+", outcome: "unknown" },
    { answers: "++", outcome: "success" },
    { answers: "++--", outcome: "success" },
    { answers: "++---", outcome: "failure" },
    { answers: "--+--", outcome: "unknown" },
    { answers: "---+", outcome: "failure" },
    { answers: "---++", outcome: "success" },
  ])("is $outcome after '$answers'", ({ answers, outcome }) => {
    const verdict = answers
      .split("")
      .reduce((so_far, answer) => nextVerdict(so_far, answer === "+", timing), NO_VERDICT);
    expect(verdict.outcome).toBe(outcome);
  });
});

describe("probeTiming", () => {
  it("fills in Kubernetes' defaults", () => {
    expect(probeTiming({ periodSeconds: 2 })).toEqual({
      initialDelayMs: 0,
      periodMs: 2000,
      timeoutMs: 1000,
      successThreshold: 1,
      failureThreshold: 3,
    });
  });
});
