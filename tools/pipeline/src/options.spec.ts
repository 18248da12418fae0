import { describe, expect, it } from "vitest";
import { readRequest } from "./options.ts";

describe("readRequest", () => {
  it.each([
    {
      args: ["cli"],
      steps: ["affected", "build", "test", "image", "scan", "e2e", "chart"],
    },
    { args: ["cli", "--from", "e2e"], steps: ["e2e", "chart"] },
    { args: ["cli", "--only", "test"], steps: ["test"] },
    { args: ["cli", "--only", "release"], steps: ["release"] },
  ])("reads $args", ({ args, steps }) => {
    const request = readRequest(args);
    expect(request.ok && request.value.kind === "run" && request.value.steps.map(({ name }) => name)).toEqual(
      steps,
    );
  });

  it.each([
    { args: [], sentence: "Usage: npm run pipeline" },
    { args: ["nothing"], sentence: "Usage: npm run pipeline" },
    { args: ["cli", "--from", "lunch"], sentence: "There is no step lunch; there are: affected, build" },
    { args: ["cli", "--fast"], sentence: "Unknown option '--fast'" },
  ])("refuses $args", ({ args, sentence }) => {
    const request = readRequest(args);
    expect(request.ok ? "" : request.error).toContain(sentence);
  });
});
