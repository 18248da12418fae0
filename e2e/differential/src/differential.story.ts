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

  it.concurrent.for(COMPARISONS)("do the same: $title", async (comparison, { skip, expect }) => {
    const { ours, real } = inject("kubeconfigs");
    const tool = comparison.needs === undefined ? { variables: {} } : inject("tools")[comparison.needs];
    if ("missing" in tool) return skip(tool.missing);
    const { variables } = tool;
    const [ourOutcomes, realOutcomes] = await Promise.all([
      runComparison(comparison, { kubeconfig: ours, variables }),
      runComparison(comparison, { kubeconfig: real, variables }),
    ]);
    const explained = DIFFERENCES.filter(({ title }) => title === comparison.title);
    const faults = faultsOf({ ours: ourOutcomes, real: realOutcomes }, explained);
    expect(faults.join("\n\n")).toBe("");
  });
});
