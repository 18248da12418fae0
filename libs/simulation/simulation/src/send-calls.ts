import type { Random } from "@bookmesh/kernel";
import {
  PROXY_FAILURES,
  type Cluster,
  type ForwardAction,
  type Host,
  type RouteAction,
} from "@bookmesh/proxy-core";
import { requestOf, type Call } from "./call.ts";
import { routeOf } from "./explain-call.ts";
import { findChains } from "./find-chains.ts";
import type { SimulatedProxy } from "./simulated-mesh.ts";
import { sendOnce, type Behaviour, type Sent } from "./send-once.ts";
import { VirtualBreakers } from "./virtual-breakers.ts";

/** How many calls, how fast, and what the hosts do with them. */
export interface SendingOptions {
  readonly times: number;
  /** From one call to the next; a call that takes longer delays the next one, as one patient client does. */
  readonly everyMs: number;
  readonly behaviour: Behaviour;
  readonly random: Random;
}

/** A host that was taken out, and when. */
export interface Ejection {
  /** `127.16.0.1:8080`. */
  readonly address: string;
  readonly atMs: number;
}

/** What became of many calls. */
export interface Tally {
  readonly calls: number;
  /** How often callers got which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How often the access log would have had which response flag. */
  readonly flags: Readonly<Record<string, number>>;
  /** Tries by cluster, and by the host's `address:port`. */
  readonly clusters: Readonly<Record<string, number>>;
  readonly hosts: Readonly<Record<string, { readonly tries: number; readonly failures: number }>>;
  readonly retries: number;
  /** Copies that mirrors got, by cluster. */
  readonly mirrored: Readonly<Record<string, number>>;
  readonly ejections: readonly Ejection[];
  /** From the first call to the end of the last one, in virtual time. */
  readonly tookMs: number;
}

/**
 * Sends a call many times, one after the other, in virtual time: routes, weights, balancing, retries, timeouts, faults,
 * mirrors and ejections are the proxy's own; connections and their limits are not simulated.
 */
export function sendCalls(proxy: SimulatedProxy, call: Call, options: SendingOptions): Tally {
  const tally = new Counting();
  const { chains } = findChains(proxy, call);
  const request = requestOf(call);
  const action = () => chains?.http && routeOf(chains.http.routes, request)?.action;
  const breakers = new VirtualBreakers((host, atMs) =>
    tally.ejections.push({ address: addressOf(host), atMs }),
  );
  let nowMs = 0;
  for (let sent = 0; sent < options.times; sent += 1) {
    nowMs = Math.max(nowMs, sent * options.everyMs);
    const outcome = oneCall(action(), { ...options, breakers, nowMs, tally });
    nowMs = outcome.endMs;
    tally.addCall(outcome);
  }
  return tally.result(options.times, nowMs);
}

interface Sending extends SendingOptions {
  readonly breakers: VirtualBreakers;
  readonly nowMs: number;
  readonly tally: Counting;
}

function oneCall(action: RouteAction | undefined, sending: Sending): Sent {
  const { nowMs, random, tally } = sending;
  if (action === undefined) return failed("noRoute", nowMs);
  if (action.kind !== "forward") return { status: action.status, flags: [], endMs: nowMs };
  const cluster = action.pickCluster(random());
  if (cluster === undefined) return failed("noCluster", nowMs);
  const sent = sendOnce(action, cluster, { ...sending, onTry: (host) => tally.addTry(cluster, host) });
  // What a fault has answered comes to no router, which is what copies.
  if (sent.wasTried === true) mirror(action, sending);
  return sent;
}

function failed(failure: "noRoute" | "noCluster", endMs: number): Sent {
  const { status, flag } = PROXY_FAILURES[failure];
  return { status, flags: [flag], endMs };
}

function mirror({ mirrors }: ForwardAction, { random, tally }: Sending): void {
  for (const { cluster, fraction } of mirrors) {
    if (random() < fraction) count(tally.mirrored, cluster.name);
  }
}

class Counting {
  readonly statuses: Record<string, number> = {};
  readonly flags: Record<string, number> = {};
  readonly clusters: Record<string, number> = {};
  readonly hosts = new Map<string, { tries: number; host: Host }>();
  readonly mirrored: Record<string, number> = {};
  readonly ejections: Ejection[] = [];
  #tries = 0;
  #forwarded = 0;

  addTry(cluster: Cluster, host: Host): void {
    const address = addressOf(host);
    const known = this.hosts.get(address) ?? { tries: 0, host };
    known.tries += 1;
    this.hosts.set(address, known);
    count(this.clusters, cluster.name);
    this.#tries += 1;
  }

  addCall({ status, flags, wasTried }: Sent): void {
    count(this.statuses, String(status));
    for (const flag of flags) count(this.flags, flag);
    if (wasTried === true) this.#forwarded += 1;
  }

  result(calls: number, tookMs: number): Tally {
    const hosts = [...this.hosts].sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      calls,
      statuses: this.statuses,
      flags: this.flags,
      clusters: this.clusters,
      hosts: Object.fromEntries(
        hosts.map(([address, { tries, host }]) => [address, { tries, failures: host.failedRequests }]),
      ),
      retries: this.#tries - this.#forwarded,
      mirrored: this.mirrored,
      ejections: this.ejections,
      tookMs,
    };
  }
}

function addressOf({ address, port }: Host): string {
  return `${address}:${port}`;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
