import { describe, expect, it } from "vitest";
import { processStartTime, startTimeOfPs } from "./start-time.ts";

/** Beyond the largest number that Linux and macOS give to a process. */
const NOBODY = 4_194_305;

describe.each([
  { name: "processStartTime", startTimeOf: processStartTime, form: /^\d+$/ },
  {
    name: "startTimeOfPs",
    startTimeOf: startTimeOfPs,
    form: /^[A-Z][a-z]{2}_[A-Z][a-z]{2}_\d+_[\d:]+_\d{4}$/,
  },
])("$name", ({ startTimeOf, form }) => {
  it("is one word, and always the same one", () => {
    expect(startTimeOf(process.pid)).toMatch(form);
    expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid));
  });

  it("knows no process that is not there", () => {
    expect(startTimeOf(NOBODY)).toBeUndefined();
  });
});
