import { describe, expect, it } from "vitest";
import { claimed, newLease, released, type LeaseSpec } from "./lease.ts";

const KEY = { namespace: "istio-system", name: "istio-status-leader" } as const;
const TIME = "1970-01-01T00:01:00.000000Z";
const NOW_MS = 60_000;

function claim(spec: LeaseSpec | undefined, sinceMs: number): LeaseSpec | undefined {
  const lease = { ...newLease(KEY), ...(spec && { spec }) };
  return claimed({ lease, sinceMs }, "one", NOW_MS)?.spec;
}

describe("a Lease", () => {
  const other = { holderIdentity: "other", leaseDurationSeconds: 30, leaseTransitions: 4 };

  it.each([
    { name: "was never held", spec: undefined, sinceMs: NOW_MS, transitions: 0 },
    { name: "was released", spec: { ...other, holderIdentity: "" }, sinceMs: NOW_MS, transitions: 4 },
    { name: "was not renewed for as long as it holds", spec: other, sinceMs: 30_000, transitions: 5 },
  ])("goes to whoever asks when it $name", ({ spec, sinceMs, transitions }) => {
    expect(claim(spec, sinceMs)).toEqual({
      holderIdentity: "one",
      leaseDurationSeconds: 30,
      acquireTime: TIME,
      renewTime: TIME,
      leaseTransitions: transitions,
    });
  });

  it("stays with its holder while that one renews it", () => {
    expect(claim(other, 30_001)).toBeUndefined();
  });

  it("keeps since when it is held when it is renewed", () => {
    const mine = { ...other, holderIdentity: "one", acquireTime: "earlier" };
    expect(claim(mine, 0)).toMatchObject({ acquireTime: "earlier", renewTime: TIME, leaseTransitions: 4 });
  });

  it("is nobody's when it is released", () => {
    const { spec } = released({ ...newLease(KEY), spec: other }, NOW_MS);
    expect(spec).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1, leaseTransitions: 4 });
  });
});
