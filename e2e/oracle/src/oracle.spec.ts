import * as fc from "fast-check";
import { validateMeshResource } from "@bookmesh/mesh-api";
import { propertyRuns } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { sampleCases } from "./cases.ts";
import { unexplainedDifferences } from "./compare.ts";
import { ISTIOD_ORACLE } from "./istiod.ts";
import { anyRules } from "./random-rules.ts";

/** As many cases as one start of the oracle is worth. */
const BATCH = 400;
const RUNS = propertyRuns(200);
const PROOF_MS = 3_600_000;
/** More of the same would hide the first. */
const SHOWN = 3;

if (ISTIOD_ORACLE === "")
  process.stdout.write("ISTIOD_ORACLE names no program: the comparison with istiod is left out.\n");

describe.runIf(ISTIOD_ORACLE !== "")(
  "istiod tells a sidecar and a gateway the same",
  { timeout: PROOF_MS },
  () => {
    it("of every sample", async () => {
      const found = await unexplainedDifferences(sampleCases());
      expect(found.slice(0, SHOWN)).toEqual([]);
    });

    it("of whatever an author writes within what this version honours", async () => {
      const cases = fc.sample(anyRules, RUNS).map((rules, index) => ({
        name: `random rules ${index}`,
        rules: rules.filter((rule) => validateMeshResource(rule).errors.length === 0),
      }));
      for (let start = 0; start < cases.length; start += BATCH) {
        const found = await unexplainedDifferences(cases.slice(start, start + BATCH));
        expect(found.slice(0, SHOWN)).toEqual([]);
      }
    });
  },
);
