import { describe, expect, it } from "vitest";
import { flagText, withFlag, type ResponseFlag } from "./response-flags.ts";

describe("flagText", () => {
  it.each<{ flags: readonly ResponseFlag[]; text: string }>([
    { flags: [], text: "-" },
    { flags: ["UT"], text: "UT" },
    { flags: ["URX", "UF"], text: "UF,URX" },
    { flags: ["FI", "DI", "FI"], text: "DI,FI" },
    { flags: ["NC"], text: "NC" },
  ])("writes $flags as $text", ({ flags, text }) => {
    expect(flagText(flags.reduce(withFlag, 0))).toBe(text);
  });
});
