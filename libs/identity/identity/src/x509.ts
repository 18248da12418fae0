// The decorators of @peculiar/x509 read metadata while its module is evaluated: this import stands first.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import type { Clock } from "@bookmesh/kernel";

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyedCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** What a root shall be. */
export interface RootOptions {
  readonly commonName: string;
  readonly lifetimeMs: number;
  readonly clock: Pick<Clock, "now">;
}

/** What a server's certificate shall say. The first DNS name is also its common name. */
export interface ServerCertificateOptions {
  readonly dnsNames: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly lifetimeMs: number;
  readonly clock: Pick<Clock, "now">;
}

/** P-256: what every TLS stack verifies fast, and the size that a mesh can afford per connection. */
const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
/** A certificate is valid a little before it is made, so that a clock that is behind accepts it. */
const BACKDATE_MS = 60_000;

/** Makes a self-signed root that may sign end-entity certificates and nothing below them. */
export async function createRoot({ commonName, lifetimeMs, clock }: RootOptions): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: nameOf(commonName),
      ...validity(clock.now(), lifetimeMs),
      keys,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return keyedCertificate(root, keys.privateKey);
}

/** Signs a certificate with which a server proves `dnsNames` and `ipAddresses`. It never outlives the root. */
export async function issueServerCertificate(
  root: KeyedCertificate,
  { dnsNames, ipAddresses = [], lifetimeMs, clock }: ServerCertificateOptions,
): Promise<KeyedCertificate> {
  const issuer = new X509Certificate(root.certPem);
  const keys = await newKeys();
  const { notBefore, notAfter } = validity(clock.now(), lifetimeMs);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([
      ...dnsNames.map((value) => ({ type: "dns", value }) as const),
      ...ipAddresses.map((value) => ({ type: "ip", value }) as const),
    ]),
    await AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
    await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
  ];
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: nameOf(dnsNames[0] ?? ipAddresses[0] ?? ""),
      issuer: issuer.subjectName,
      notBefore,
      notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
      publicKey: keys.publicKey,
      signingKey: await signingKey(root.keyPem),
      signingAlgorithm: SIGNATURE,
      extensions,
    },
    webcrypto,
  );
  return keyedCertificate(certificate, keys.privateKey);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
}

async function signingKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(keyPem).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", pkcs8, KEY, false, ["sign"]);
}

async function keyedCertificate(
  certificate: X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<KeyedCertificate> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return {
    certPem: `${certificate.toString("pem").trimEnd()}\n`,
    keyPem: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

function nameOf(commonName: string): Name {
  return new Name([{ O: ["bookmesh"] }, { CN: [commonName] }]);
}

/** Positive and unpredictable, as RFC 5280 §4.1.2.2 and good practice want it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function validity(nowMs: number, lifetimeMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + lifetimeMs) };
}
