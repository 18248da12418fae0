import { describe, expect, it } from "vitest";
import { tellSummary } from "./summary.ts";

const METRICS = {
  http_reqs: { values: { count: 3_000, rate: 99.96 } },
  http_req_failed: { values: { passes: 2, rate: 0.0007 }, thresholds: { "rate==0": { ok: false } } },
  http_req_duration: {
    values: { med: 2.04, "p(95)": 11, max: 120.5 },
    thresholds: { "p(95)<1000": { ok: true } },
  },
  ratings_of_version_1: { values: { count: 2_250 } },
};

describe("tellSummary", () => {
  it("tells figures first, then thresholds", () => {
    expect(tellSummary({ metrics: METRICS }, [["requests that reached the failing version", 4]])).toBe(
      [
        "  requests                                   3,000",
        "  failed                                     2",
        "  a second                                   100.0",
        "  p50 / p95 / slowest                        2.0 ms / 11.0 ms / 120.5 ms",
        "  ratings of version 1                       2,250",
        "  ratings of version 2                       0",
        "  left out (no reader free)                  0",
        "  requests that reached the failing version  4",
        "",
        "  ✘ http_req_failed: rate==0",
        "  ✔ http_req_duration: p(95)<1000",
      ].join("\n"),
    );
  });
});
