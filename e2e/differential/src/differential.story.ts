import { describe, expect, inject, it } from "vitest";
import { COMPARISONS } from "./cases/comparisons.ts";
import { DIFFERENCES } from "./differences.ts";
import { faultsOf } from "./harness/comparison.ts";
import { runComparison } from "./harness/run-comparison.ts";

describe("our API and a real one", () => {
  it("have an explanation for steps that there are, and no others", () => {
    const unknown = DIFFERENCES.filter(
      ({ title, step }) =>
        !COMPARISONS.some((each) => each.title === title && each.steps.some((line) => line.startsWith(step))),
    );
    expect(unknown).toEqual([]);
  });

  it.concurrent.each(COMPARISONS)("do the same: $title", async (comparison) => {
    const { ours, real } = inject("kubeconfigs");
    const [ourOutcomes, realOutcomes] = await Promise.all([
      runComparison(comparison, ours),
      runComparison(comparison, real),
    ]);
    const explained = DIFFERENCES.filter(({ title }) => title === comparison.title);
    const faults = faultsOf({ ours: ourOutcomes, real: realOutcomes }, explained);
    expect(faults.join("\n\n")).toBe("");
  });
});
