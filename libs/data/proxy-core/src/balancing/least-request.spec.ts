import { seededRandom } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { leastRequest } from "./least-request.ts";
import { hostsOf, itIsALoadBalancer } from "./load-balancer.contract.ts";

describe("leastRequest", () => {
  itIsALoadBalancer(() => leastRequest(seededRandom(1)));

  it("takes the less busy of two", () => {
    const [busy, idle] = hostsOf(1, 1);
    if (busy) busy.activeRequests = 3;
    const pick = leastRequest(seededRandom(2));
    const hosts = [busy, idle].filter((host) => host !== undefined);
    expect(Array.from({ length: 20 }, () => pick(hosts) === idle)).not.toContain(false);
  });
});
