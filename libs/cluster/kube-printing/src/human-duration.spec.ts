import { describe, expect, it } from "vitest";
import { humanAge, humanDuration } from "./human-duration.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("humanDuration", () => {
  it.each([
    { durationMs: -5 * SECOND, shown: "<invalid>" },
    { durationMs: -SECOND, shown: "0s" },
    { durationMs: 0, shown: "0s" },
    { durationMs: 119 * SECOND, shown: "119s" },
    { durationMs: 2 * MINUTE, shown: "2m" },
    { durationMs: 5 * MINUTE + 3 * SECOND, shown: "5m3s" },
    { durationMs: 10 * MINUTE + 59 * SECOND, shown: "10m" },
    { durationMs: 3 * HOUR, shown: "3h" },
    { durationMs: 7 * HOUR + 59 * MINUTE, shown: "7h59m" },
    { durationMs: 47 * HOUR, shown: "47h" },
    { durationMs: 3 * DAY + 4 * HOUR, shown: "3d4h" },
    { durationMs: 8 * DAY + 4 * HOUR, shown: "8d" },
    { durationMs: 3 * 365 * DAY + 10 * DAY, shown: "3y10d" },
    { durationMs: 9 * 365 * DAY, shown: "9y" },
  ])("shows $durationMs ms as $shown", ({ durationMs, shown }) => {
    expect(humanDuration(durationMs)).toBe(shown);
  });

  it("does not know the age of what has no timestamp", () => {
    expect(humanAge(undefined, 0)).toBe("<unknown>");
  });
});
