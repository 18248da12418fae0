import { describe, expect, it } from "vitest";
import { NO_FLAGS, withFlag, type ResponseFlag } from "./response-flags.ts";

describe("withFlag", () => {
  it.each<{ flags: readonly ResponseFlag[]; text: string }>([
    { flags: [], text: "-" },
    { flags: ["UT"], text: "UT" },
    { flags: ["URX", "UF"], text: "URX,UF" },
    { flags: ["DI", "FI", "DI"], text: "DI,FI" },
  ])("writes $flags as $text", ({ flags, text }) => {
    expect(flags.reduce(withFlag, NO_FLAGS)).toBe(text);
  });
});
