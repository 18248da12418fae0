import { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import { describe, expect, it } from "vitest";
import { RESOURCES } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import { eventually, manualClock, type ManualClock } from "@bookmesh/testkit";
import { standForElection } from "./leader-election.ts";

const LEASE = { namespace: "istio-system", name: "istio-status-leader" };

interface Candidate {
  isLeading: boolean;
  /** Whether its requests fail. */
  isCutOff: boolean;
  stop(): Promise<void>;
}

function stand(api: FakeKubeApi, clock: ManualClock, identity: string): Candidate {
  const stopping = new AbortController();
  const cut = () => Promise.reject(new Error("The API server is away."));
  const online = api.client();
  const candidate = { isLeading: false, isCutOff: false };
  const client: KubeClient = {
    ...online,
    get: (...call) => (candidate.isCutOff ? cut() : online.get(...call)),
  };
  const lead = (signal: AbortSignal) => {
    candidate.isLeading = true;
    signal.addEventListener("abort", () => (candidate.isLeading = false));
  };
  const ports = { client, clock, random: () => 0, log: silentLogger(), signal: stopping.signal };
  const ended = standForElection({ lease: LEASE, identity, lead }, ports);
  return Object.assign(candidate, {
    async stop() {
      stopping.abort(new Error("stopped"));
      await ended;
    },
  });
}

/** Lets `seconds` pass, and what happens meanwhile happen. */
async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function holder(api: FakeKubeApi): unknown {
  const spec = api.read(RESOURCES.leases, LEASE)?.["spec"] as
    { readonly holderIdentity?: string } | undefined;
  return spec?.holderIdentity;
}

describe("standing for election", () => {
  it("makes one of two lead, and the other when the first one ends", async () => {
    const [api, clock] = [new FakeKubeApi(), manualClock()];
    const one = stand(api, clock, "one");
    await eventually(() => expect(one.isLeading).toBe(true));
    const other = stand(api, clock, "other");
    await pass(clock, 120);
    expect([one.isLeading, other.isLeading, holder(api)]).toEqual([true, false, "one"]);
    await one.stop();
    expect([one.isLeading, holder(api)]).toEqual([false, ""]);
    await pass(clock, 4);
    expect([other.isLeading, holder(api)]).toEqual([true, "other"]);
    await other.stop();
  });

  it("ends a leadership that cannot be renewed before another one begins", async () => {
    const [api, clock] = [new FakeKubeApi(), manualClock()];
    const one = stand(api, clock, "one");
    await eventually(() => expect(one.isLeading).toBe(true));
    const other = stand(api, clock, "other");
    await pass(clock, 3);
    one.isCutOff = true;
    await pass(clock, 12);
    expect([one.isLeading, other.isLeading]).toEqual([false, false]);
    await pass(clock, 25);
    expect([one.isLeading, other.isLeading, holder(api)]).toEqual([false, true, "other"]);
    one.isCutOff = false;
    await pass(clock, 60);
    expect([one.isLeading, other.isLeading]).toEqual([false, true]);
    await Promise.all([one.stop(), other.stop()]);
  });
});
