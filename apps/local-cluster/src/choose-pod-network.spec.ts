import { describe, expect, it } from "vitest";
import { choosePodNetwork, INSIDE } from "./choose-pod-network.ts";

const linux = { env: {}, platform: "linux" } as const;
const darwin = { env: {}, platform: "darwin" } as const;

describe("choosePodNetwork", () => {
  it("takes loopback where it is asked for, and names the other one", () => {
    const { podNetwork, line } = choosePodNetwork("loopback", linux);
    expect(podNetwork).toBe("loopback");
    expect(line).toContain("--pod-network netns");
  });

  it("knows that it is inside already", () => {
    expect(choosePodNetwork("auto", { ...linux, env: { [INSIDE]: "a line" } })).toEqual({
      podNetwork: "netns",
      line: "a line",
    });
  });

  it.each([
    { name: "keeps to the mode of the pods that there are", surroundings: { ...linux, kept: "loopback" } },
    { name: "keeps to mapped ports", surroundings: { ...linux, kept: "mapped" } },
    { name: "keeps to it on macOS too", surroundings: { ...darwin, kept: "loopback" } },
  ] as const)("$name", ({ surroundings }) => {
    expect(choosePodNetwork("auto", surroundings).podNetwork).toBe(surroundings.kept);
  });

  it("takes mapped ports on macOS, and wherever they are asked for", () => {
    expect(choosePodNetwork("auto", darwin).podNetwork).toBe("mapped");
    expect(choosePodNetwork("mapped", linux).podNetwork).toBe("mapped");
  });

  it("says which one it took", () => {
    const { podNetwork, line } = choosePodNetwork("auto", linux);
    expect(line).toContain(`pod network: ${podNetwork}`);
  });
});
