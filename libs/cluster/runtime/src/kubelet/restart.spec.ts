import { describe, expect, it } from "vitest";
import { countRestart, restartDelayMs, shallRestart } from "./restart.ts";

describe("shallRestart", () => {
  it.each([
    { policy: "Always", role: "main", exitCode: 0, again: true },
    { policy: "OnFailure", role: "main", exitCode: 0, again: false },
    { policy: "OnFailure", role: "main", exitCode: 1, again: true },
    { policy: "Never", role: "main", exitCode: 1, again: false },
    { policy: "Always", role: "init", exitCode: 0, again: false },
    { policy: "Always", role: "init", exitCode: 1, again: true },
    { policy: "Never", role: "init", exitCode: 1, again: false },
    { policy: "Never", role: "sidecar", exitCode: 0, again: true },
  ] as const)(
    "$policy, $role container, exit code $exitCode: $again",
    ({ policy, role, exitCode, again }) => {
      expect(shallRestart(policy, role, exitCode)).toBe(again);
    },
  );
});

describe("restartDelayMs", () => {
  it.each([
    { restarts: 1, ms: 0 },
    { restarts: 2, ms: 10_000 },
    { restarts: 3, ms: 20_000 },
    { restarts: 7, ms: 300_000 },
    { restarts: 99, ms: 300_000 },
  ])("before restart $restarts is $ms ms", ({ restarts, ms }) => {
    expect(restartDelayMs(restarts)).toBe(ms);
  });
});

describe("countRestart", () => {
  it("begins anew after ten good minutes", () => {
    expect([countRestart(4, 1000), countRestart(4, 600_000)]).toEqual([5, 1]);
  });
});
