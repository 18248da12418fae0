import { describe, expect, it } from "vitest";
import { Host } from "../host.ts";
import { pickUntried, type LoadBalancer } from "./load-balancer.ts";

/** Hosts of these weights, named 10.0.0.1 and so on. */
export function hostsOf(...weights: readonly number[]): readonly Host[] {
  return weights.map((weight, index) => new Host(`10.0.0.${index + 1}`, 8080, weight));
}

/** What every policy promises. A new policy calls this before it tests anything of its own. */
export function itIsALoadBalancer(make: () => LoadBalancer): void {
  describe("as a load balancer", () => {
    it("has no answer when there are no hosts", () => {
      expect(make()([])).toBeUndefined();
    });

    it("takes the only host there is", () => {
      const hosts = hostsOf(1);
      expect(make()(hosts)).toBe(hosts[0]);
    });

    it("reaches every host in the long run", () => {
      const pick = make();
      const hosts = hostsOf(1, 1, 1);
      const seen = new Set(Array.from({ length: 200 }, () => pick(hosts)?.address));
      expect(seen.size).toBe(3);
    });

    it("gives a host of weight 3 more than one of weight 1", () => {
      const pick = make();
      const hosts = hostsOf(3, 1);
      const picks = Array.from({ length: 400 }, () => pick(hosts)?.address);
      const heavy = picks.filter((address) => address === "10.0.0.1").length;
      expect(heavy).toBeGreaterThan(240);
      expect(heavy).toBeLessThan(400);
    });

    it("avoids the hosts that were tried, as long as there are others", () => {
      const hosts = hostsOf(1, 1);
      const tried = hosts.slice(0, 1);
      const picks = Array.from({ length: 20 }, () => pickUntried(make(), hosts, tried)?.address);
      expect(new Set(picks)).toEqual(new Set(["10.0.0.2"]));
    });

    it("takes a tried host where there is no other", () => {
      const hosts = hostsOf(1);
      expect(pickUntried(make(), hosts, hosts)).toBe(hosts[0]);
    });
  });
}
