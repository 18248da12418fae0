import { describe, expect, it } from "vitest";
import { withCommandSeparator } from "./command-separator.ts";

describe("withCommandSeparator", () => {
  it.each([
    {
      name: "separates the command of the article's form",
      line: "exec -ti pod -c rating-service -n default curl localhost:8080/rate/misbehave",
      expected: "exec -ti pod -c rating-service -n default -- curl localhost:8080/rate/misbehave",
    },
    {
      name: "leaves the command its options",
      line: "exec pod curl -s -c jar",
      expected: "exec pod -- curl -s -c jar",
    },
    {
      name: "sees options before the verb",
      line: "-n books exec pod ls",
      expected: "-n books exec pod -- ls",
    },
    { name: "leaves a separated command alone", line: "exec pod -- ls -l", expected: "exec pod -- ls -l" },
    { name: "leaves other verbs alone", line: "get pods exec a", expected: "get pods exec a" },
    { name: "leaves a line without a command alone", line: "exec -it pod", expected: "exec -it pod" },
  ])("$name", ({ line, expected }) => {
    expect(withCommandSeparator(line.split(" ")).join(" ")).toBe(expected);
  });
});
