import { describe, expect, it } from "vitest";
import { choosePodNetwork, INSIDE } from "./choose-pod-network.ts";

describe("choosePodNetwork", () => {
  it("takes loopback where it is asked for, and names the other one", () => {
    const { podNetwork, line } = choosePodNetwork("loopback", {});
    expect(podNetwork).toBe("loopback");
    expect(line).toContain("--pod-network netns");
  });

  it("knows that it is inside already", () => {
    expect(choosePodNetwork("auto", { [INSIDE]: "a line" })).toEqual({ podNetwork: "netns", line: "a line" });
  });

  it("keeps to the mode of the pods that there are", () => {
    expect(choosePodNetwork("auto", {}, "loopback").podNetwork).toBe("loopback");
  });

  it("says which one it took", () => {
    const { podNetwork, line } = choosePodNetwork("auto", {});
    expect(line).toContain(`pod network: ${podNetwork}`);
  });
});
