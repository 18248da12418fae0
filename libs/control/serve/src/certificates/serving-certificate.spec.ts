import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import { describe, expect, it } from "vitest";
import { createRoot, readValidity } from "@bookmesh/identity";
import { eventually, manualClock } from "@bookmesh/testkit";
import { istiodNames, servingCertificate } from "./serving-certificate.ts";

const DAY_MS = 86_400_000;

describe("servingCertificate", () => {
  it("is replaced at half of its life", async () => {
    const clock = manualClock(Date.UTC(2030, 0, 1));
    const root = await createRoot({ commonName: "root", lifetimeMs: 365 * DAY_MS, clock });
    const stopping = new AbortController();
    const ports = { clock, random: () => 0.5, log: silentLogger(), signal: stopping.signal };
    const certificate = await servingCertificate(root, ["istiod"], ports);
    const first = certificate.current();
    await clock.advance(14 * DAY_MS);
    expect(certificate.current()).toBe(first);
    await eventually(async () => {
      await clock.advance(DAY_MS / 2);
      expect(certificate.current()).not.toBe(first);
    });
    expect(readValidity(certificate.current().certPem).notAfterMs).toBeGreaterThan(
      readValidity(first.certPem).notAfterMs,
    );
    stopping.abort(new Error("The spec is over."));
  });
});

describe("istiodNames", () => {
  it.each([
    {
      revision: "default",
      expected: ["istiod.mesh.svc", "istiod.mesh.svc.cluster.local", "istiod.mesh", "istiod"],
    },
    {
      revision: "canary",
      expected: [
        "istiod-canary.mesh.svc",
        "istiod-canary.mesh.svc.cluster.local",
        "istiod-canary.mesh",
        "istiod-canary",
        "istiod.mesh.svc",
        "istiod.mesh.svc.cluster.local",
        "istiod.mesh",
        "istiod",
      ],
    },
  ])("of revision $revision", ({ revision, expected }) => {
    expect(istiodNames("mesh", revision)).toEqual(expected);
  });
});
