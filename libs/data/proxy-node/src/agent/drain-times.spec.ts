import { describe, expect, it } from "vitest";
import { readDrainTimes } from "./drain-times.ts";

describe("readDrainTimes", () => {
  it.each([
    { env: {}, expected: { minimumMs: 5_000, maximumMs: 25_000 } },
    { env: { MINIMUM_DRAIN_DURATION: "500ms" }, expected: { minimumMs: 500, maximumMs: 25_000 } },
    {
      env: { MINIMUM_DRAIN_DURATION: "1m", TERMINATION_DRAIN_DURATION_SECONDS: "1" },
      expected: { minimumMs: 60_000, maximumMs: 60_000 },
    },
    {
      env: { TERMINATION_DRAIN_DURATION_SECONDS: "7", EXIT_ON_ZERO_ACTIVE_CONNECTIONS: "false" },
      expected: { minimumMs: 7_000, maximumMs: 7_000 },
    },
  ])("reads $env", ({ env, expected }) => {
    expect(readDrainTimes(env)).toEqual(expected);
  });

  it.each([
    { env: { MINIMUM_DRAIN_DURATION: "soon" }, says: "MINIMUM_DRAIN_DURATION" },
    { env: { TERMINATION_DRAIN_DURATION_SECONDS: "5s" }, says: "TERMINATION_DRAIN_DURATION_SECONDS" },
  ])("refuses $env", ({ env, says }) => {
    expect(() => readDrainTimes(env)).toThrow(says);
  });
});
