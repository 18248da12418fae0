import { propertyRuns } from "@bookmesh/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Host } from "../host.ts";
import { OutlierDetector } from "./outlier-detector.ts";
import type { OutlierKind, OutlierPolicy } from "./outlier-policy.ts";

const SECOND = 1_000;

type Event =
  | { readonly kind: "answer"; readonly host: number; readonly status: number }
  | { readonly kind: "lost"; readonly host: number }
  | { readonly kind: "connected"; readonly host: number }
  | { readonly kind: "wait"; readonly ms: number };

interface PlainHost {
  /** What has happened since it last returned; "trip" marks where a count of that kind was enough. */
  story: string[];
  ejectedAtMs: number | undefined;
  hasReturned: boolean;
  times: number;
}

/** The failures of a kind at the end of a story, as Envoy's documentation tells it. */
function failuresInARow(story: readonly string[], kind: OutlierKind, isSplit: boolean): number {
  let count = 0;
  for (const event of story.toReversed()) {
    if (event === `trip ${kind}`) break;
    if (event.startsWith("trip")) continue;
    if (kind === "localFailures") {
      if (event === "connected") break;
      if (event === "lost" && isSplit) count++;
      continue;
    }
    if (event === "connected" || (event === "lost" && isSplit)) continue;
    const status = event === "lost" ? 503 : Number(event);
    const isFailure = kind === "serverErrors" ? status >= 500 : [502, 503, 504].includes(status);
    if (!isFailure) break;
    count++;
  }
  return count;
}

/** The detector told as plainly as it can be: each host has the list of what happened to it. */
class PlainModel {
  readonly hosts: PlainHost[];
  nowMs = 0;
  readonly #policy: OutlierPolicy;
  readonly #draw: number;

  constructor(hostCount: number, policy: OutlierPolicy, draw: number) {
    this.hosts = Array.from({ length: hostCount }, () => ({
      story: [],
      ejectedAtMs: undefined,
      hasReturned: false,
      times: 0,
    }));
    this.#policy = policy;
    this.#draw = draw;
  }

  happen(event: Event): void {
    if (event.kind === "wait") return;
    const host = this.hosts[event.host];
    if (!host) return;
    host.story.push(event.kind === "answer" ? String(event.status) : event.kind);
    if (event.kind === "answer" && event.status < 500) host.hasReturned = false;
    for (const kind of ["gatewayErrors", "serverErrors", "localFailures"] as const) this.#look(host, kind);
  }

  #look(host: PlainHost, kind: OutlierKind): void {
    const { thresholds, countsLocalFailuresApart, maxEjectionPercent, alwaysEjectsOne } = this.#policy;
    const { inARow, enforcedPercent } = thresholds[kind];
    const isEnough = failuresInARow(host.story, kind, countsLocalFailuresApart) === inARow && inARow > 0;
    if (!isEnough || host.ejectedAtMs !== undefined) return;
    host.story.push(`trip ${kind}`);
    const out = this.hosts.filter(({ ejectedAtMs }) => ejectedAtMs !== undefined).length;
    const isAllowed = (out + 1) / this.hosts.length <= maxEjectionPercent / 100;
    if (!isAllowed && !(alwaysEjectsOne && out === 0)) return;
    if (this.#draw >= enforcedPercent / 100) return;
    host.ejectedAtMs = this.nowMs;
    host.hasReturned = false;
    const longest = Math.ceil(this.#policy.maxEjectionMs / this.#policy.baseEjectionMs) + 1;
    host.times = Math.min(host.times + 1, longest);
  }

  sweep(nowMs: number): void {
    this.nowMs = nowMs;
    const { baseEjectionMs, maxEjectionMs, maxJitterMs } = this.#policy;
    for (const host of this.hosts) {
      const lengthMs = Math.min(baseEjectionMs * host.times, maxEjectionMs) + this.#draw * maxJitterMs;
      if (host.ejectedAtMs === undefined) host.times = Math.max(0, host.times - 1);
      else if (host.ejectedAtMs + lengthMs <= nowMs)
        Object.assign(host, { ejectedAtMs: undefined, hasReturned: true, story: [] });
    }
  }

  get states(): readonly string[] {
    return this.hosts.map(({ ejectedAtMs, hasReturned, times }) => {
      const state = ejectedAtMs !== undefined ? "open" : hasReturned ? "half-open" : "closed";
      return `${state} ${times}`;
    });
  }
}

const threshold = fc.record({
  inARow: fc.integer({ min: 0, max: 4 }),
  enforcedPercent: fc.constantFrom(0, 40, 100, 100),
});
const policies = fc.record({
  thresholds: fc.record({ gatewayErrors: threshold, serverErrors: threshold, localFailures: threshold }),
  countsLocalFailuresApart: fc.boolean(),
  intervalMs: fc.constantFrom(500, SECOND),
  baseEjectionMs: fc.constantFrom(400, SECOND, 3 * SECOND),
  maxEjectionMs: fc.constantFrom(3 * SECOND, 7 * SECOND),
  maxJitterMs: fc.constantFrom(0, 0, 800),
  maxEjectionPercent: fc.constantFrom(10, 34, 50, 100),
  alwaysEjectsOne: fc.boolean(),
});
const index = fc.nat({ max: 3 });
const events = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("answer" as const),
        host: index,
        status: fc.constantFrom(200, 404, 500, 500, 502, 503, 504, 503),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom("lost" as const, "connected" as const), host: index }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
    },
  ),
  { minLength: 20, maxLength: 120 },
);

interface Case {
  readonly policy: OutlierPolicy;
  readonly hostCount: number;
  readonly story: readonly Event[];
  readonly draw: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  policy: policies,
  hostCount: fc.integer({ min: 1, max: 4 }),
  story: events,
  draw: fc.constantFrom(0, 0.3, 0.5, 0.99),
});

/** Tells both what happens, and has both sweep each interval. */
function compare({ policy, hostCount, story, draw }: Case): void {
  const hosts = Array.from({ length: hostCount }, (_, index) => new Host(`10.0.0.${index + 1}`, 80, 1));
  const detector = new OutlierDetector(() => draw);
  detector.follow(policy, hosts);
  const model = new PlainModel(hostCount, policy, draw);
  let nowMs = 0;
  let sweptMs = 0;
  for (const event of story) {
    if (event.kind === "wait") {
      nowMs += event.ms;
      for (; sweptMs + policy.intervalMs <= nowMs; sweptMs += policy.intervalMs) {
        detector.sweep(sweptMs + policy.intervalMs);
        model.sweep(sweptMs + policy.intervalMs);
      }
      model.nowMs = nowMs;
    } else {
      const host = hosts[event.host];
      if (!host) continue;
      if (event.kind === "connected") detector.onConnected(host);
      else if (event.kind === "lost") detector.onLocalFailure(host, nowMs);
      else if (event.status < 500) detector.onSuccess(host);
      else detector.onServerError(host, event.status, nowMs);
      model.happen(event);
    }
    const seen = hosts.map(({ outlier }) => `${outlier.state} ${outlier.multiplier}`);
    expect(seen.join()).toBe(model.states.join());
    expect(detector.needsSweep).toBe(model.hosts.some(({ times }) => times > 0));
  }
}

const PROOF_MS = 1_200_000;

describe("whatever happens to hosts, and whenever", { timeout: PROOF_MS }, () => {
  it("a detector ejects and returns them as its plain model does", () => {
    fc.assert(fc.property(cases, compare), propertyRuns(300));
  });
});
