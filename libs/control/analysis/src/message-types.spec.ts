import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ANALYZERS } from "./analyzers.ts";
import { MESSAGE_TYPES } from "./message-types.ts";
import { VALIDATION } from "./validation.ts";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../../../docs/analysis.md"), "utf8");

describe("the codes of messages", () => {
  it("are those of docs/analysis.md, in their order", () => {
    const rows = Object.entries(MESSAGE_TYPES).map(
      ([code, { name, level, description }]) => `| ${code} | ${name} | ${level} | ${description} |`,
    );
    expect(PAGE.split("\n").filter((line) => line.startsWith("| IST"))).toEqual(rows);
  });

  it("are each some analyzer's", () => {
    const used = [VALIDATION, ...ANALYZERS].flatMap(({ codes }) => codes);
    expect([...new Set(used)].sort()).toEqual(Object.keys(MESSAGE_TYPES).sort());
  });
});
