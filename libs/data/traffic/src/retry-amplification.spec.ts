import type { Cluster } from "@bookmesh/proxy-core";
import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { propertyRuns } from "@bookmesh/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Attempts } from "./attempts.ts";
import { DataPath } from "./data-path.ts";
import { hostOn } from "./proxied-fixture.ts";
import { RequestRecord } from "./request-record.ts";
import { clusterOf, retryOn, routeTo, UNLIMITED } from "./traffic-fixture.ts";

const REQUESTS = 12;
const BUSY = { kind: "answer", status: 503 } as const;
const FINE = { kind: "answer", status: 200 } as const;

const limits = fc.oneof(
  fc.nat(4).map((maxRetries) => ({ ...UNLIMITED, maxRetries })),
  fc
    .record({ percent: fc.constantFrom(0, 20, 50, 100), minimum: fc.nat(3) })
    .map((retryBudget) => ({ ...UNLIMITED, retryBudget })),
);
const events = fc.array(
  fc.record({
    request: fc.nat(REQUESTS - 1),
    what: fc.constantFrom("busy", "busy", "busy", "closed", "fine", "gone"),
  }),
  { maxLength: 200, size: "max" },
);

/** Retries told as plainly as they can be: how many each request has had, and which of them are in one now. */
class PlainModel {
  readonly retriesOf = new Map<number, number>();
  readonly retrying = new Set<number>();
  readonly #most: number;
  readonly #limits: Cluster["limits"];

  constructor(most: number, clusterLimits: Cluster["limits"]) {
    this.#most = most;
    this.#limits = clusterLimits;
  }

  mayRetry(request: number): boolean {
    this.retrying.delete(request);
    const { retryBudget: budget, maxRetries } = this.#limits;
    const room = budget ? Math.max(budget.minimum, (budget.percent * this.retriesOf.size) / 100) : maxRetries;
    const had = this.retriesOf.get(request) ?? 0;
    if (had >= this.#most || this.retrying.size >= room) return false;
    this.retriesOf.set(request, had + 1);
    this.retrying.add(request);
    return true;
  }

  end(request: number): void {
    this.retriesOf.delete(request);
    this.retrying.delete(request);
  }
}

function pathTo(cluster: Cluster): DataPath {
  return new DataPath({
    config: snapshotCell({ listeners: [], clusters: new Map([[cluster.name, cluster]]) }),
    accessLog: { write: () => undefined, dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: () => 0.5,
    applicationAddress: "127.0.0.1",
    podAddress: "10.0.0.7",
  });
}

describe("retries", () => {
  it("stay within a request's own number and within what its cluster allows at a time, whatever happens", () => {
    fc.assert(
      fc.property(fc.nat(4), limits, events, (maxRetries, clusterLimits, story) => {
        const cluster = clusterOf([hostOn(1), hostOn(2)], { limits: clusterLimits });
        const path = pathTo(cluster);
        const load = path.counters.loads.of(cluster);
        const { action } = routeTo(cluster, { retry: retryOn({ serverError: true }, { maxRetries }) });
        if (action.kind !== "forward") throw new Error("It forwards.");
        const plan = {
          kind: "forward",
          action,
          cluster,
          routeName: "",
          authority: undefined,
          path: undefined,
        } as const;
        const model = new PlainModel(maxRetries, clusterLimits);
        const live = new Map<number, { attempts: Attempts; record: RequestRecord }>();
        for (const { request, what } of story) {
          let one = live.get(request);
          if (!one) {
            const record = new RequestRecord();
            live.set(request, (one = { record, attempts: new Attempts(path, record) }));
            one.attempts.begin(plan);
            one.attempts.nextHost();
            model.retriesOf.set(request, 0);
            load.activeRequests = live.size;
          }
          const { attempts, record } = one;
          const goesOn = what === "closed" ? attempts.takeRepeat() : isRetried(attempts, what);
          expect(goesOn).toBe(what === "busy" || what === "closed" ? model.mayRetry(request) : false);
          if (goesOn && what === "busy") attempts.nextHost();
          expect(record.attempts).toBe(1 + (model.retriesOf.get(request) ?? 0));
          if (!goesOn) {
            attempts.end();
            live.delete(request);
            model.end(request);
            load.activeRequests = live.size;
          }
          expect(load.activeRetries).toBe(model.retrying.size);
        }
        for (const { attempts } of live.values()) attempts.end();
        expect([load.activeRetries, path.counters.activeRequests]).toEqual([0, 0]);
      }),
      propertyRuns(300),
    );
  });
});

/** Whether a try that has ended so is followed by another. */
function isRetried(attempts: Attempts, what: "busy" | "fine" | "gone"): boolean {
  if (what === "gone") return false;
  return attempts.retryAfterMs(what === "busy" ? BUSY : FINE, true) !== undefined;
}
