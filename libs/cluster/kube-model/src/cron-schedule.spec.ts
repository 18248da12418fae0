import { describe, expect, it } from "vitest";
import { parseCronSchedule } from "./cron-schedule.ts";

/** Thursday, 1 January, 00:00, but for what is given. */
const at = (change: object) => ({ minute: 0, hour: 0, day: 1, month: 1, weekday: 4, ...change });

describe("parseCronSchedule", () => {
  it.each([
    { text: "* * * * *", at: {}, isNamed: true },
    { text: "*/15 * * * *", at: { minute: 45 }, isNamed: true },
    { text: "*/15 * * * *", at: { minute: 46 }, isNamed: false },
    { text: "5-10/5,30 2 * * *", at: { minute: 10, hour: 2 }, isNamed: true },
    { text: "5-10/5,30 2 * * *", at: { minute: 30, hour: 3 }, isNamed: false },
    { text: "50/5 * * * *", at: { minute: 55 }, isNamed: true },
    { text: "0 0 * jan thu", at: {}, isNamed: true },
    { text: "0 0 * FEB *", at: {}, isNamed: false },
    { text: "0 0 13 * fri", at: { day: 13, weekday: 1 }, isNamed: true },
    { text: "0 0 13 * fri", at: { day: 12, weekday: 5 }, isNamed: true },
    { text: "0 0 13 * fri", at: { day: 12, weekday: 4 }, isNamed: false },
    { text: "0 0 13 * *", at: { day: 12 }, isNamed: false },
    { text: "0 0 * * 7", at: { weekday: 0 }, isNamed: true },
    { text: "@hourly", at: { hour: 7 }, isNamed: true },
    { text: " @weekly ", at: { weekday: 0 }, isNamed: true },
  ])("$text names $at: $isNamed", ({ text, at: change, isNamed }) => {
    const schedule = parseCronSchedule(text);
    if (typeof schedule === "string") return expect.fail(schedule);
    expect(schedule(at(change))).toBe(isNamed);
  });

  it.each([
    { text: "x", sentence: "expected exactly 5 fields, found 1: [x]" },
    { text: "60 * * * *", sentence: "end of range (60) above maximum (59): 60" },
    { text: "* * 0 * *", sentence: "beginning of range (0) below minimum (1): 0" },
    { text: "5-1 * * * *", sentence: "beginning of range (5) beyond end of range (1): 5-1" },
    { text: "*/0 * * * *", sentence: "step of range should be a positive number: */0" },
    { text: "a * * * *", sentence: "failed to parse: a" },
    { text: "@never", sentence: "unrecognized descriptor: @never" },
  ])("refuses $text", ({ text, sentence }) => {
    expect(parseCronSchedule(text)).toBe(sentence);
  });
});
