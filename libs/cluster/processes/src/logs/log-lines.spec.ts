import { describe, expect, it } from "vitest";
import { formatLine, parseLogLine, selectLines } from "./log-lines.ts";

const lines = ["00", "01", "02"].map((second) => ({
  time: `2026-01-01T00:00:${second}.000000000Z`,
  isPart: false,
  text: `line ${second}`,
}));

describe("parseLogLine", () => {
  it.each([
    { line: "T stdout F hello world", parsed: { time: "T", isPart: false, text: "hello world" } },
    { line: "T stderr P half", parsed: { time: "T", isPart: true, text: "half" } },
    { line: "T stdout F ", parsed: { time: "T", isPart: false, text: "" } },
    { line: "nonsense", parsed: undefined },
  ])("takes '$line' apart", ({ line, parsed }) => {
    expect(parseLogLine(line)).toEqual(parsed);
  });
});

describe("selectLines", () => {
  it.each([
    { name: "all", selection: {}, texts: ["line 00", "line 01", "line 02"] },
    { name: "the last ones", selection: { tailLines: 1 }, texts: ["line 02"] },
    { name: "none", selection: { tailLines: 0 }, texts: [] },
    {
      name: "the recent ones",
      selection: { sinceMs: Date.parse("2026-01-01T00:00:01Z") },
      texts: ["line 01", "line 02"],
    },
  ])("takes $name", ({ selection, texts }) => {
    expect(selectLines(lines, { timestamps: false, ...selection }).map(({ text }) => text)).toEqual(texts);
  });
});

describe("formatLine", () => {
  it.each([
    { timestamps: false, isPart: false, text: "hello\n" },
    { timestamps: true, isPart: false, text: "T hello\n" },
    { timestamps: false, isPart: true, text: "hello" },
  ])("with timestamps $timestamps and part $isPart", ({ timestamps, isPart, text }) => {
    expect(formatLine({ time: "T", isPart, text: "hello" }, timestamps)).toBe(text);
  });
});
