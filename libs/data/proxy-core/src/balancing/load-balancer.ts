import type { Host } from "../host.ts";

/** Chooses a host for one request; `undefined` when there is none to choose. It may remember whose turn it is. */
export type LoadBalancer = (hosts: readonly Host[]) => Host | undefined;

/**
 * Chooses among the hosts that this request has not been sent to; among all when it has been to every one.
 * Source: Envoy's retry host predicate `previous_hosts`.
 */
export function pickUntried(
  pick: LoadBalancer,
  hosts: readonly Host[],
  tried: readonly Host[],
): Host | undefined {
  if (tried.length === 0) return pick(hosts);
  const others = hosts.filter((host) => !tried.includes(host));
  return pick(others.length > 0 ? others : hosts);
}

/** True where hosts are to get different shares. */
export function areWeighted(hosts: readonly Host[]): boolean {
  const weight = hosts[0]?.weight;
  return hosts.some((host) => host.weight !== weight);
}
