import { describe, expect, it } from "vitest";
import { judgeAudit } from "./judge-audit.ts";

const report = (severity: string): string => JSON.stringify({ vulnerabilities: { left: { severity } } });

describe("judgeAudit", () => {
  it.each([
    { name: "a low one", text: report("low"), mustAnswer: true, passed: true },
    { name: "a high one", text: report("high"), mustAnswer: false, passed: false },
    { name: "a critical one", text: report("critical"), mustAnswer: false, passed: false },
    { name: "none", text: '{"vulnerabilities":{}}', mustAnswer: true, passed: true },
    { name: "an error, here", text: '{"message":"405"}', mustAnswer: false, passed: true },
    { name: "an error, in CI", text: '{"message":"405"}', mustAnswer: true, passed: false },
    { name: "no answer, in CI", text: "", mustAnswer: true, passed: false },
  ])("judges $name", ({ text, mustAnswer, passed }) => {
    expect(judgeAudit(text, { mustAnswer }).passed).toBe(passed);
  });
});
