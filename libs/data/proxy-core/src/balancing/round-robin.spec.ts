import { describe, expect, it } from "vitest";
import { hostsOf, itIsALoadBalancer } from "./load-balancer.contract.ts";
import { roundRobin } from "./round-robin.ts";

describe("roundRobin", () => {
  itIsALoadBalancer(roundRobin);

  it.each([
    { name: "two hosts alternate exactly", weights: [1, 1], turns: "1 2 1 2 1 2" },
    { name: "three hosts take turns", weights: [1, 1, 1], turns: "1 2 3 1 2 3" },
    { name: "a heavier host's turns are spread", weights: [3, 1], turns: "1 1 2 1 1 1 2 1" },
  ])("$name", ({ weights, turns }) => {
    const pick = roundRobin();
    const hosts = hostsOf(...weights);
    const taken = turns.split(" ").map(() => pick(hosts)?.address.split(".").at(-1));
    expect(taken.join(" ")).toBe(turns);
  });
});
