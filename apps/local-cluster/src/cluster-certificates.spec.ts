import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterCertificates } from "./cluster-certificates.ts";
import { openHome, type ClusterHome } from "./cluster-home.ts";

const YEAR_MS = 365 * 86_400_000;
const at = (nowMs: number) => ({ now: () => nowMs, sleep: () => Promise.resolve() });

describe("clusterCertificates", () => {
  let directory: string;
  let home: ClusterHome;
  const startedAtMs = Date.UTC(2026, 0, 1);
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-home-"));
    home = openHome(directory, false);
  });
  afterEach(() => {
    home.release();
    rmSync(directory, { recursive: true, force: true });
  });

  const startAt = (nowMs: number) => clusterCertificates(home, "127.0.0.1", at(nowMs));
  const validUntil = (pem: string) => new X509Certificate(pem).validToDate.getTime();

  it("keeps what is good from start to start", async () => {
    const first = await startAt(startedAtMs);
    expect(await startAt(startedAtMs + YEAR_MS / 4)).toEqual(first);
  });

  it("makes a serving certificate anew that has expired, of the same authority", async () => {
    const first = await startAt(startedAtMs);
    const later = startedAtMs + 2 * YEAR_MS;
    const second = await startAt(later);
    expect(second.authorityPem).toBe(first.authorityPem);
    expect(validUntil(second.serving.certPem)).toBeGreaterThan(later);
  });

  it("makes an authority anew that has expired, and what it signs", async () => {
    const first = await startAt(startedAtMs);
    const later = startedAtMs + 11 * YEAR_MS;
    const second = await startAt(later);
    expect(second.authorityPem).not.toBe(first.authorityPem);
    expect(validUntil(second.authorityPem)).toBeGreaterThan(later);
    expect(
      new X509Certificate(second.serving.certPem).checkIssued(new X509Certificate(second.authorityPem)),
    ).toBe(true);
  });
});
