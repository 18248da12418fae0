import { describe, expect, it } from "vitest";
import { Host } from "../host.ts";
import { OutlierDetector } from "./outlier-detector.ts";
import type { OutlierKind, OutlierPolicy, OutlierThreshold } from "./outlier-policy.ts";

const NEVER: OutlierThreshold = { inARow: 0, enforcedPercent: 100 };
const SECOND = 1_000;

function policyOf(changes: Partial<OutlierPolicy> = {}): OutlierPolicy {
  return {
    thresholds: {
      gatewayErrors: NEVER,
      serverErrors: { inARow: 1, enforcedPercent: 100 },
      localFailures: NEVER,
    },
    countsLocalFailuresApart: false,
    intervalMs: SECOND,
    baseEjectionMs: 3 * SECOND,
    maxEjectionMs: 300 * SECOND,
    maxJitterMs: 0,
    maxEjectionPercent: 100,
    alwaysEjectsOne: false,
    ...changes,
  };
}

/** A detector with its hosts, and a clock that sweeps each second. */
function scene(policy: OutlierPolicy, hostCount = 2, random = () => 0.5) {
  const hosts = Array.from({ length: hostCount }, (_, index) => new Host(`10.0.0.${index + 1}`, 80, 1));
  const detector = new OutlierDetector(random);
  detector.follow(policy, hosts);
  let nowMs = 0;
  return {
    detector,
    hosts,
    host: hosts[0] ?? new Host("", 0, 1),
    states: () => hosts.map(({ outlier }) => outlier.state).join(" "),
    fail: (host: Host, status = 500) => detector.onServerError(host, status, nowMs),
    lose: (host: Host) => detector.onLocalFailure(host, nowMs),
    wait: (ms: number) => {
      const endMs = nowMs + ms;
      while (nowMs + policy.intervalMs <= endMs) detector.sweep((nowMs += policy.intervalMs));
    },
  };
}

const onKind = (kind: OutlierKind, inARow: number, enforcedPercent = 100) => ({
  thresholds: { ...policyOf().thresholds, serverErrors: NEVER, [kind]: { inARow, enforcedPercent } },
});

describe("a host's breaker", () => {
  it("opens at once with the n-th error in a row, is half-open when its time is over, and closes with a success", () => {
    const { fail, host, wait, states, detector } = scene(policyOf(onKind("serverErrors", 3)));
    expect([fail(host), fail(host), states()]).toEqual([false, false, "closed closed"]);
    expect([fail(host), states()]).toEqual([true, "open closed"]);
    wait(2 * SECOND);
    expect(states()).toBe("open closed");
    wait(SECOND);
    expect(states()).toBe("half-open closed");
    detector.onSuccess(host);
    expect(states()).toBe("closed closed");
  });

  it("opens for longer each time, up to the maximum", () => {
    const { fail, host, wait, states } = scene(policyOf({ maxEjectionMs: 8 * SECOND }));
    for (const seconds of [3, 6, 8, 8]) {
      fail(host);
      wait((seconds - 1) * SECOND);
      expect(states()).toBe("open closed");
      wait(SECOND);
      expect(states()).toBe("half-open closed");
    }
  });

  it("opens for one base time less with each interval of health", () => {
    const { fail, host, wait, detector } = scene(policyOf());
    fail(host);
    wait(3 * SECOND);
    fail(host);
    wait(6 * SECOND);
    expect([host.outlier.multiplier, detector.needsSweep]).toEqual([2, true]);
    wait(SECOND);
    expect([host.outlier.multiplier, detector.needsSweep]).toEqual([1, true]);
    wait(5 * SECOND);
    expect([host.outlier.multiplier, detector.needsSweep]).toEqual([0, false]);
  });

  it("opens for longer by a random part of the jitter", () => {
    const { fail, host, wait, states } = scene(policyOf({ maxJitterMs: 4 * SECOND }));
    fail(host);
    wait(4 * SECOND);
    expect(states()).toBe("open closed");
    wait(SECOND);
    expect(states()).toBe("half-open closed");
  });
});

describe("errors in a row", () => {
  it.each<{ what: string; kind: OutlierKind; statuses: readonly (number | "lost")[]; ejects: boolean }>([
    { what: "5xx of any kind", kind: "serverErrors", statuses: [500, 503], ejects: true },
    { what: "an answer between them", kind: "serverErrors", statuses: [500, 200, 500], ejects: false },
    { what: "no answer at all", kind: "serverErrors", statuses: ["lost", 500], ejects: true },
    { what: "gateway errors", kind: "gatewayErrors", statuses: [502, 504], ejects: true },
    { what: "another 5xx between them", kind: "gatewayErrors", statuses: [502, 500, 502], ejects: false },
    { what: "no answer at all", kind: "gatewayErrors", statuses: ["lost", "lost"], ejects: true },
    {
      what: "no answer, which is not apart",
      kind: "localFailures",
      statuses: ["lost", "lost"],
      ejects: false,
    },
  ])("of kind $kind: $what ejects: $ejects", ({ kind, statuses, ejects }) => {
    const { host, fail, lose, detector, states } = scene(policyOf(onKind(kind, 2)));
    for (const status of statuses) {
      if (status === "lost") lose(host);
      else if (status < 500) detector.onSuccess(host);
      else fail(host, status);
    }
    expect(states()).toBe(ejects ? "open closed" : "closed closed");
  });

  it("without an answer count alone where they are counted apart, until a connection succeeds", () => {
    const { host, fail, lose, detector, states } = scene(
      policyOf({ ...onKind("localFailures", 2), countsLocalFailuresApart: true }),
    );
    lose(host);
    detector.onConnected(host);
    lose(host);
    fail(host, 503);
    expect(states()).toBe("closed closed");
    lose(host);
    expect(states()).toBe("open closed");
  });

  it("count on where the rules change, and one that was enough is enough", () => {
    const { host, hosts, fail, detector } = scene(policyOf(onKind("serverErrors", 5)));
    for (let count = 0; count < 3; count++) fail(host);
    detector.follow(policyOf(onKind("serverErrors", 2)), hosts);
    expect(fail(host)).toBe(true);
  });
});

describe("an ejection", () => {
  it.each([
    { percent: 10, alwaysEjectsOne: false, ejected: 0, overflows: 4 },
    { percent: 10, alwaysEjectsOne: true, ejected: 1, overflows: 3 },
    { percent: 50, alwaysEjectsOne: false, ejected: 2, overflows: 2 },
    { percent: 100, alwaysEjectsOne: false, ejected: 4, overflows: 0 },
  ])(
    "takes $ejected of 4 hosts where $percent % may go (at least one: $alwaysEjectsOne)",
    ({ percent, alwaysEjectsOne, ejected, overflows }) => {
      const { hosts, fail, detector } = scene(policyOf({ maxEjectionPercent: percent, alwaysEjectsOne }), 4);
      for (const host of hosts) fail(host);
      expect([detector.ejected, detector.counts.overflows]).toEqual([ejected, overflows]);
    },
  );

  it.each([
    { percent: 0, isEjected: false },
    { percent: 50, isEjected: false },
    { percent: 51, isEjected: true },
  ])("happens to one in so many: $percent % at a draw of 0.5: $isEjected", ({ percent, isEjected }) => {
    const { host, fail, detector } = scene(policyOf(onKind("serverErrors", 1, percent)));
    fail(host);
    expect(host.outlier.isEjected).toBe(isEjected);
    expect(detector.counts).toMatchObject({
      detected: { serverErrors: 1 },
      enforced: { serverErrors: isEjected ? 1 : 0 },
    });
  });

  it("ends when the rules go, and takes no host that has left", () => {
    const { host, hosts, fail, detector, states } = scene(policyOf());
    fail(host);
    detector.follow(undefined, hosts);
    expect(states()).toBe("half-open closed");
    detector.follow(policyOf(), hosts);
    host.isMember = false;
    expect(fail(host)).toBe(false);
  });
});
