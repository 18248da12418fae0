import { generateKeyPairSync } from "node:crypto";
import { createRoot, issueServerCertificate } from "@bookmesh/identity";
import type { KeyPair } from "@bookmesh/proxy-core/tls";
import { beforeAll, describe, expect, it } from "vitest";
import { inspectKeyPair } from "./inspect-key-pair.ts";

const OPTIONS = { lifetimeMs: 3_600_000, clock: { now: () => 1_800_000_000_000 } };

let pair: KeyPair;
let rootPem: string;

beforeAll(async () => {
  const root = await createRoot({ ...OPTIONS, commonName: "test" });
  const { certPem, keyPem } = await issueServerCertificate(root, { ...OPTIONS, dnsNames: ["a.test"] });
  rootPem = root.certPem;
  pair = { certificateChain: certPem + root.certPem, privateKey: keyPem };
});

function smallKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

describe("a key pair", () => {
  it("tells what its certificates say, the server's first", () => {
    const inspected = inspectKeyPair(pair);
    expect(inspected).toMatchObject({
      ok: true,
      value: [{ names: ["DNS:a.test"], expiresMs: OPTIONS.clock.now() + OPTIONS.lifetimeMs }, { names: [] }],
    });
  });

  it.each([
    {
      name: "no PEM",
      change: () => ({ certificateChain: "x" }),
      issue: "certificate_chain must hold a certificate",
    },
    {
      name: "a broken certificate",
      change: () => ({ certificateChain: pair.certificateChain.replace("MII", "AII") }),
      issue: "certificate_chain cannot be read",
    },
    {
      name: "more certificates than any chain has",
      change: () => ({ certificateChain: pair.certificateChain + rootPem.repeat(10) }),
      issue: "certificate_chain must not hold more than 10",
    },
    {
      name: "no key",
      change: () => ({ privateKey: "secret" }),
      issue: "private_key must be a private key in PEM, without a password",
    },
    {
      name: "a key that is too small",
      change: () => ({ privateKey: smallKey() }),
      issue: "private_key must have 2048",
    },
    {
      name: "its certificates in the wrong order",
      change: () => ({ certificateChain: rootPem + pair.certificateChain }),
      issue: "private_key does not belong to the first certificate",
    },
  ])("with $name is refused", ({ change, issue }) => {
    const inspected = inspectKeyPair({ ...pair, ...change() });
    expect(inspected.ok ? "" : `${inspected.error.field} ${inspected.error.problem}`).toContain(issue);
  });
});
