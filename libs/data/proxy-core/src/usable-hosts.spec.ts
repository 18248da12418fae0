import { describe, expect, it } from "vitest";
import { hostsOf } from "./balancing/load-balancer.contract.ts";
import { usableHosts } from "./usable-hosts.ts";

/** Hosts by a letter each: healthy, unhealthy, ejected. */
function membersOf(letters: string) {
  return hostsOf(...Array.from(letters, () => 1)).map((host, index) => {
    host.outlier.isEjected = letters[index] === "e";
    return { host, isHealthy: letters[index] !== "u" };
  });
}

describe("usableHosts", () => {
  it.each([
    { members: "hhh", panic: 0.5, usable: 3, why: "all are healthy" },
    { members: "hue", panic: 0, usable: 1, why: "unhealthy and ejected ones are left out" },
    { members: "hue", panic: 0.33, usable: 1, why: "a third is not below the threshold" },
    { members: "hue", panic: 0.34, usable: 3, why: "health and ejection count together" },
    { members: "ee", panic: 0, usable: 0, why: "a threshold of 0 never panics" },
    { members: "ee", panic: 0.01, usable: 2, why: "none is left" },
    { members: "hhhhhee", panic: 1, usable: 5, why: "five sevenths are as good as all" },
    { members: "hhhhuee", panic: 1, usable: 7, why: "four sevenths are not" },
    { members: "", panic: 0.5, usable: 0, why: "there is none" },
  ])("of $members leaves $usable with a panic threshold of $panic: $why", ({ members, panic, usable }) => {
    expect(usableHosts(membersOf(members), panic)).toHaveLength(usable);
  });
});
