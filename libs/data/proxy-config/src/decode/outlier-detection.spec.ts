import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { OutlierDetectionSchema } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { readOutlierDetection } from "./outlier-detection.ts";
import { placeOf } from "./place.ts";

type Init = MessageInitShape<typeof OutlierDetectionSchema>;

function read(init: Init) {
  const place = placeOf("clusters", "c");
  const policy = readOutlierDetection(place, create(OutlierDetectionSchema, init));
  return { policy, issues: place.issues.map(({ path, problem }) => `${path} ${problem}`) };
}

const RATES = "must be 0: this proxy counts failures in a row and compares no rates";

describe("readOutlierDetection", () => {
  it("takes Envoy's defaults where only rates are turned off", () => {
    expect(read({ enforcingSuccessRate: 0 })).toEqual({
      issues: [],
      policy: {
        thresholds: {
          serverErrors: { inARow: 5, enforcedPercent: 100 },
          gatewayErrors: { inARow: 5, enforcedPercent: 0 },
          localFailures: { inARow: 5, enforcedPercent: 100 },
        },
        countsLocalFailuresApart: false,
        intervalMs: 10_000,
        baseEjectionMs: 30_000,
        maxEjectionMs: 300_000,
        maxJitterMs: 0,
        maxEjectionPercent: 10,
        alwaysEjectsOne: false,
      },
    });
  });

  it("ejects for the base time at least, however long", () => {
    const { policy } = read({ enforcingSuccessRate: 0, baseEjectionTime: durationFromMs(600_000) });
    expect(policy).toMatchObject({ baseEjectionMs: 600_000, maxEjectionMs: 600_000 });
  });

  it.each<{ init: Init; issue: string }>([
    { init: {}, issue: `enforcing_success_rate ${RATES}` },
    { init: { enforcingSuccessRate: 5 }, issue: `enforcing_success_rate ${RATES}` },
    {
      init: { enforcingSuccessRate: 0, splitExternalLocalOriginErrors: true },
      issue: `enforcing_local_origin_success_rate ${RATES}`,
    },
    {
      init: { enforcingSuccessRate: 0, enforcingFailurePercentage: 1 },
      issue: `enforcing_failure_percentage ${RATES}`,
    },
    {
      init: { enforcingSuccessRate: 0, interval: durationFromMs(0) },
      issue: "interval must be more than 0",
    },
    {
      init: { enforcingSuccessRate: 0, maxEjectionTime: durationFromMs(1) },
      issue: "max_ejection_time must not be less than base_ejection_time",
    },
    {
      init: { enforcingSuccessRate: 0, monitors: [{ name: "m" }] },
      issue: "monitors is not supported by this proxy",
    },
  ])("refuses $issue", ({ init, issue }) => {
    expect(read(init).issues).toEqual([`clusters[c].${issue}`]);
  });
});
