import type { Host } from "../host.ts";
import { areWeighted, type LoadBalancer } from "./load-balancer.ts";

/**
 * Takes turns. Hosts of different weights get as many turns as their weight says, spread as evenly as they can be.
 *
 * Source: "smooth weighted round robin", as nginx has it: every host gains its weight each turn, the richest is
 * chosen and pays the sum.
 */
export function roundRobin(): LoadBalancer {
  let turn = 0;
  const credits = new WeakMap<Host, number>();
  return (hosts) => {
    if (areWeighted(hosts)) return takeRichest(hosts, credits);
    const host = hosts[turn % hosts.length];
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return host;
  };
}

function takeRichest(hosts: readonly Host[], credits: WeakMap<Host, number>): Host | undefined {
  let richest: Host | undefined;
  let most = -Infinity;
  let sum = 0;
  for (const host of hosts) {
    const credit = (credits.get(host) ?? 0) + host.weight;
    credits.set(host, credit);
    sum += host.weight;
    if (credit > most) [richest, most] = [host, credit];
  }
  if (richest) credits.set(richest, most - sum);
  return richest;
}
