import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHome, type ClusterHome } from "./cluster-home.ts";
import { keptNetwork, requireSameNetwork } from "./kept-pod-network.ts";

describe("requireSameNetwork", () => {
  let directory: string;
  let home: ClusterHome;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-home-"));
    home = openHome(directory, false);
  });
  afterEach(() => {
    home.release();
    rmSync(directory, { recursive: true, force: true });
  });

  it("keeps to the mode that a home began with", () => {
    requireSameNetwork(home, "netns");
    requireSameNetwork(home, "netns");
    expect(() => requireSameNetwork(home, "loopback")).toThrow(
      `The state in ${directory} was made with --pod-network netns: keep to it, or begin anew with --fresh.`,
    );
  });

  it.each(["loopback", "mapped", "netns"] as const)("is told that a home keeps %s", (mode) => {
    expect(keptNetwork(directory)).toBeUndefined();
    requireSameNetwork(home, mode);
    expect(keptNetwork(directory)).toBe(mode);
  });

  it("takes a home from before there were modes for loopback", () => {
    home.write("state.sqlite", "");
    expect(() => requireSameNetwork(home, "netns")).toThrow("--pod-network loopback");
    requireSameNetwork(home, "loopback");
  });
});
