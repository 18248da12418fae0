import { messageOf, type Clock, type Random } from "@bookmesh/kernel";
import { RESOURCES } from "@bookmesh/kube-api";
import { KubeError, type KubeClient } from "@bookmesh/kube-client";
import type { Logger } from "@bookmesh/node-host";
import { claimed, newLease, released, type Lease, type ObservedLease } from "./lease.ts";

/** What an election runs on. */
export interface ElectionPorts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Ends the candidacy; who leads then stops and releases the Lease. */
  readonly signal: AbortSignal;
}

/** Who stands for what. */
export interface Candidacy {
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly identity: string;
  /** Begins to lead; its signal is aborted when somebody else may. */
  readonly lead: (signal: AbortSignal) => void;
}

/** Whoever cannot renew for so long leads no more, well before others may. */
const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2_000;
/** Candidates spread by as much again. */
const JITTER = 1.2;

/**
 * Stands for election until the signal is aborted, as client-go does: one holder of a Lease at a time leads. Resolves
 * when the Lease is released.
 */
export async function standForElection(candidacy: Candidacy, ports: ElectionPorts): Promise<void> {
  const { clock, random, log, signal } = ports;
  const leadership = leadershipOf(candidacy, ports);
  let observed: ObservedLease | undefined;
  let failed = false;
  const stopped = () => signal.aborted;
  while (!stopped()) {
    try {
      const attempt = await tryToHold(candidacy, ports, observed);
      observed = attempt.observed;
      failed = false;
      if (attempt.held) leadership.renew();
      else leadership.end("somebody else holds the Lease");
    } catch (error) {
      if (!failed && !stopped())
        log.warn({ reason: messageOf(error) }, "The status Lease cannot be reached.");
      failed = true;
    }
    const pauseMs = leadership.holds() ? RETRY_MS : RETRY_MS * (1 + JITTER * random());
    await clock.sleep(pauseMs, signal).catch(() => undefined); // aborted: the loop ends
  }
  const held = leadership.holds() ? observed?.lease : undefined;
  leadership.end("this istiod ends");
  if (held) await release(held, ports);
}

interface Leadership {
  holds(): boolean;
  /** Begins, or goes on: the deadline starts anew. */
  renew(): void;
  end(why: string): void;
}

function leadershipOf({ lead, identity, lease }: Candidacy, { clock, log }: ElectionPorts): Leadership {
  let leading: AbortController | undefined;
  let deadline: AbortController | undefined;
  const end = (why: string) => {
    deadline?.abort();
    if (leading === undefined) return;
    log.info({ identity, lease: lease.name }, `No leader any more: ${why}.`);
    leading.abort(new Error(`No leader any more: ${why}.`));
    leading = undefined;
  };
  return {
    end,
    holds: () => leading !== undefined,
    renew() {
      deadline?.abort();
      deadline = new AbortController();
      clock.sleep(RENEW_DEADLINE_MS, deadline.signal).then(
        () => end("the Lease could not be renewed"),
        () => undefined, // renewed, or ended
      );
      if (leading !== undefined) return;
      leading = new AbortController();
      log.info({ identity, lease: lease.name }, "This istiod leads.");
      lead(leading.signal);
    },
  };
}

interface Attempt {
  readonly held: boolean;
  readonly observed: ObservedLease;
}

async function tryToHold(
  { lease: key, identity }: Candidacy,
  { client, clock }: ElectionPorts,
  before: ObservedLease | undefined,
): Promise<Attempt> {
  const found = await client.get<Lease>(RESOURCES.leases, key);
  const lease = found ?? newLease(key);
  const observed = isSame(before?.lease, lease) && before ? before : { lease, sinceMs: clock.now() };
  const wanted = claimed(observed, identity, clock.now());
  if (wanted === undefined) return { held: false, observed };
  try {
    const { object } = found
      ? await client.update(RESOURCES.leases, wanted)
      : await client.create(RESOURCES.leases, wanted);
    return { held: true, observed: { lease: object, sinceMs: clock.now() } };
  } catch (error) {
    // Another candidate was faster; the next look tells whether it stays.
    if (error instanceof KubeError && error.status.code === 409) return { held: false, observed };
    throw error;
  }
}

function isSame(one: Lease | undefined, other: Lease): boolean {
  return one !== undefined && JSON.stringify(one.spec) === JSON.stringify(other.spec);
}

async function release(lease: Lease, { client, clock, log }: ElectionPorts): Promise<void> {
  try {
    await client.update(RESOURCES.leases, released(lease, clock.now()));
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "The status Lease was not released; it runs out by itself.");
  }
}
