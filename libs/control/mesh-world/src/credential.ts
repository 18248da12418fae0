import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import type { Secret } from "@bookmesh/kube-api";
import type { CredentialName } from "@bookmesh/gateways";
import type { Credential } from "@bookmesh/translate";

/** Kubernetes' own keys for a certificate and its key, and the older ones that Istio reads too. */
const KEYS = [
  { chain: "tls.crt", key: "tls.key" },
  { chain: "cert", key: "key" },
] as const;

/** Reads what a gateway needs of a Secret, or says why it cannot be used; `undefined` stands for one that is absent. */
export function credentialOf(name: CredentialName, secret: Secret | undefined): Credential {
  if (secret === undefined) return { ...name, problem: "does not exist" };
  const { data = {} } = secret;
  const found = KEYS.find(({ chain, key }) => data[chain] !== undefined && data[key] !== undefined);
  if (found === undefined) return { ...name, problem: "has neither tls.crt and tls.key nor cert and key" };
  const certificateChain = decoded(data[found.chain]);
  const privateKey = decoded(data[found.key]);
  const problem = problemOf(certificateChain, privateKey, found);
  return problem === undefined ? { ...name, certificateChain, privateKey } : { ...name, problem };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString();
}

function problemOf(chain: string, key: string, names: (typeof KEYS)[number]): string | undefined {
  const certificate = attempt(() => new X509Certificate(chain));
  if (certificate === undefined) return `holds no PEM certificate in ${names.chain}`;
  const privateKey = attempt((): KeyObject => createPrivateKey(key));
  if (privateKey === undefined) return `holds no PEM key in ${names.key}`;
  return certificate.checkPrivateKey(privateKey)
    ? undefined
    : `has a key in ${names.key} that is not that of the certificate in ${names.chain}`;
}

/** What a file holds is its author's: one that cannot be read is an answer, not a failure. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
