import { describe, expect, it } from "vitest";
import { parseDurationMs } from "./duration.ts";

describe("parseDurationMs", () => {
  it.each([
    { text: "5s", ms: 5_000 },
    { text: "250ms", ms: 250 },
    { text: "1h30m", ms: 5_400_000 },
    { text: "1.5s", ms: 1_500 },
    { text: "3m", ms: 180_000 },
    { text: "0", ms: 0 },
    { text: "0s", ms: 0 },
    { text: "-2s", ms: -2_000 },
    { text: "500us", ms: 0.5 },
  ])("reads $text", ({ text, ms }) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(["", "5", "s", "5 s", "5sec", "five", "1m-3s", "5s "])("refuses %j", (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});
