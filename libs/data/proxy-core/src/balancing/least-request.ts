import type { Random } from "@bookmesh/kernel";
import type { Host } from "../host.ts";
import { areWeighted, type LoadBalancer } from "./load-balancer.ts";
import { randomHost } from "./random-host.ts";

/**
 * Draws two hosts and takes the one with fewer requests in flight ("power of two choices").
 *
 * Source: Envoy `LEAST_REQUEST`; Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing".
 * With two draws the busiest host is never taken unless it is drawn against itself, and the least busy one
 * is not overrun by every proxy at the same moment.
 */
export function leastRequest(random: Random): LoadBalancer {
  const draw = randomHost(random);
  return (hosts) => {
    if (areWeighted(hosts)) return lessLoaded(draw(hosts), draw(hosts));
    const first = Math.floor(random() * hosts.length);
    const step = 1 + Math.floor(random() * (hosts.length - 1));
    return lessLoaded(hosts[first], hosts[(first + step) % hosts.length]);
  };
}

function lessLoaded(one: Host | undefined, other: Host | undefined): Host | undefined {
  if (!one || !other) return one;
  return loadOf(other) < loadOf(one) ? other : one;
}

function loadOf({ activeRequests, weight }: Host): number {
  return (activeRequests + 1) / weight;
}
