import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { hasProgram } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isIssuedBy, readValidity, renewAt } from "./certificate-validity.ts";
import { createRoot, issueServerCertificate } from "./x509.ts";

const run = promisify(execFile);
const HAS_OPENSSL = hasProgram("openssl");
const DAY_MS = 86_400_000;
const clock = { now: () => Date.now() };
const names = { dnsNames: ["istiod.istio-system.svc"], ipAddresses: ["127.0.0.1"] };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "identity-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("createRoot", () => {
  it.runIf(HAS_OPENSSL)("makes a root that openssl accepts as an authority", async () => {
    const root = await createRoot({ commonName: "mesh root", lifetimeMs: 30 * DAY_MS, clock });
    const { stdout } = await run("openssl", [
      ...["x509", "-noout", "-text", "-in"],
      await fileOf("root.pem", root.certPem),
    ]);
    expect(stdout).toContain("CA:TRUE, pathlen:0");
    expect(stdout).toContain("Certificate Sign, CRL Sign");
    expect(stdout).toContain("NIST CURVE: P-256");
    expect(stdout).toContain("Subject: O = bookmesh, CN = mesh root");
  });
});

describe("issueServerCertificate", () => {
  it.runIf(HAS_OPENSSL)("signs what openssl verifies for name, address and purpose", async () => {
    const root = await createRoot({ commonName: "mesh root", lifetimeMs: 30 * DAY_MS, clock });
    const server = await issueServerCertificate(root, { ...names, lifetimeMs: DAY_MS, clock });
    const { stdout } = await run("openssl", [
      ...["verify", "-x509_strict", "-purpose", "sslserver"],
      ...["-verify_hostname", "istiod.istio-system.svc"],
      ...["-CAfile", await fileOf("root.pem", root.certPem), await fileOf("server.pem", server.certPem)],
    ]);
    expect(stdout).toContain("server.pem: OK");
    expect(new X509Certificate(server.certPem).checkIP("127.0.0.1")).toBe("127.0.0.1");
  });

  it("is not accepted under another root of the same name", async () => {
    const root = await createRoot({ commonName: "mesh root", lifetimeMs: DAY_MS, clock });
    const other = await createRoot({ commonName: "mesh root", lifetimeMs: DAY_MS, clock });
    const server = await issueServerCertificate(root, { ...names, lifetimeMs: DAY_MS, clock });
    expect(isIssuedBy(server.certPem, root.certPem)).toBe(true);
    expect(isIssuedBy(server.certPem, other.certPem)).toBe(false);
  });

  it("never outlives its root", async () => {
    const root = await createRoot({ commonName: "mesh root", lifetimeMs: DAY_MS, clock });
    const server = await issueServerCertificate(root, { ...names, lifetimeMs: 30 * DAY_MS, clock });
    expect(readValidity(server.certPem).notAfterMs).toBe(readValidity(root.certPem).notAfterMs);
  });
});

describe("renewAt", () => {
  it("is half of the life", () => {
    expect(renewAt({ notBeforeMs: 1_000, notAfterMs: 5_000 })).toBe(3_000);
  });
});
