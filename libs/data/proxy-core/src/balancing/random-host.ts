import type { Random } from "@bookmesh/kernel";
import { areWeighted, type LoadBalancer } from "./load-balancer.ts";

/** Draws a host, each as likely as its weight says. */
export function randomHost(random: Random): LoadBalancer {
  return (hosts) => {
    if (!areWeighted(hosts)) return hosts[Math.floor(random() * hosts.length)];
    const sum = hosts.reduce((total, { weight }) => total + weight, 0);
    let rest = random() * sum;
    return hosts.find(({ weight }) => (rest -= weight) < 0) ?? hosts.at(-1);
  };
}
