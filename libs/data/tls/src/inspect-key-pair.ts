import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { err, messageOf, ok, type Result } from "@bookmesh/kernel";
import type { CertificateFacts, KeyPair, KeyPairProblem } from "@bookmesh/proxy-core/tls";

/** Certificates of one chain; a longer one would make every handshake long. */
const MAX_CHAIN = 10;
const MIN_RSA_BITS = 2_048;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads the certificates of a key pair, the server's first; says what is wrong without telling what is secret. */
export function inspectKeyPair({
  certificateChain,
  privateKey,
}: KeyPair): Result<readonly CertificateFacts[], KeyPairProblem> {
  const chain = readChain(certificateChain);
  if (!chain.ok) return chain;
  const key = readKey(privateKey);
  if (!key.ok) return key;
  const [leaf] = chain.value;
  if (leaf?.checkPrivateKey(key.value) !== true)
    return err({ field: "private_key", problem: "does not belong to the first certificate of the chain" });
  return ok(chain.value.map(factsOf));
}

function readChain(pem: string): Result<readonly X509Certificate[], KeyPairProblem> {
  const wrong = (problem: string) => err({ field: "certificate_chain", problem } as const);
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return wrong("must hold a certificate in PEM");
  if (blocks.length > MAX_CHAIN) return wrong(`must not hold more than ${MAX_CHAIN} certificates`);
  try {
    return ok(blocks.map((block) => new X509Certificate(block)));
  } catch (error) {
    return wrong(`cannot be read: ${messageOf(error)}`);
  }
}

function readKey(pem: string): Result<KeyObject, KeyPairProblem> {
  const wrong = (problem: string) => err({ field: "private_key", problem } as const);
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return wrong("must be a private key in PEM, without a password"); // the library's reasons tell nobody more
  }
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined && modulusLength < MIN_RSA_BITS)
    return wrong(`must have ${MIN_RSA_BITS} bits at the least; it has ${modulusLength}`);
  return ok(key);
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { subject, serialNumber, subjectAltName = "", validFrom, validTo } = certificate;
  return {
    subject: subject.replaceAll("\n", ", "),
    serialNumber: serialNumber.toLowerCase(),
    names: subjectAltName === "" ? [] : subjectAltName.split(", "),
    validFromMs: Date.parse(validFrom),
    expiresMs: Date.parse(validTo),
  };
}
