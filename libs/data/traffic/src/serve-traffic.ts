import { setTimeout as delay } from "node:timers/promises";
import { loadBarHandshakes } from "./bar-handshakes.ts";
import { DataPath } from "./data-path.ts";
import { ListenerSet } from "./listener-set.ts";
import { NamedHosts } from "./named-hosts.ts";
import { loadFindDestination } from "./original-destination.ts";
import type { Traffic, TrafficOptions } from "./traffic.ts";
import { UpstreamPools } from "./upstream-pools.ts";

/** How often a drain looks whether the last request has finished. */
const DRAIN_CHECK_MS = 20;

/** Runs the data path: listeners come and go with the snapshots, each request keeps the one that it began with. */
export function serveTraffic(options: TrafficOptions): Traffic {
  const path = new DataPath(options);
  const pools = new UpstreamPools(path);
  const namedHosts = new NamedHosts([options.applicationAddress, options.podAddress]);
  const loadDestinations = options.loadFindDestination ?? loadFindDestination;
  const listeners = new ListenerSet({ path, pools, namedHosts }, loadDestinations);
  listeners.follow(path.snapshot.listeners);
  const unsubscribe = options.config.subscribe((snapshot) => {
    listeners.follow(snapshot.listeners);
    pools.prune();
  });

  const closing = new AbortController();
  const closed = { signal: closing.signal };
  return {
    stats: path.counters,
    listening: () => listeners.listening(),
    async drain({ minimumMs, maximumMs }) {
      const endMs = performance.now() + maximumMs;
      path.isDraining = true;
      listeners.shortenPauses();
      const bar = loadBarHandshakes(); // early: the application may end with the minimum
      await delay(minimumMs, undefined, closed).catch(() => undefined); // closing ends the wait
      await listeners.closeEntrances(await bar);
      while (listeners.openConnections > 0 && performance.now() < endMs) await delay(DRAIN_CHECK_MS);
    },
    close() {
      closing.abort();
      unsubscribe();
      listeners.close();
      pools.close();
      path.wheel.close();
    },
  };
}
