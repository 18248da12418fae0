import { createRoot, isIssuedBy, type KeyedCertificate } from "@bookmesh/identity";
import { err, ok, type Clock, type Result } from "@bookmesh/kernel";
import { apiVersionOf, RESOURCES, type Secret } from "@bookmesh/kube-api";
import { KubeError, type KubeClient } from "@bookmesh/kube-client";

/** Where the mesh root lies; Istio's own name and keys. */
export const ROOT_SECRET = "istio-ca-secret";
const CERT_KEY = "ca-cert.pem";
const PRIVATE_KEY = "ca-key.pem";
const LIFETIME_MS = 10 * 365 * 86_400_000;

/** Reads the mesh root, or makes it where there is none. Of several that try at once, one wins and all read its root. */
export async function meshRoot(
  client: KubeClient,
  namespace: string,
  clock: Clock,
): Promise<KeyedCertificate> {
  const known = await client.get<Secret>(RESOURCES.secrets, { namespace, name: ROOT_SECRET });
  if (known) return readRoot(known);
  const root = await createRoot({ commonName: "Bookmesh root", lifetimeMs: LIFETIME_MS, clock });
  try {
    await client.create(RESOURCES.secrets, secretOf(root, namespace));
    return root;
  } catch (error) {
    if (!(error instanceof KubeError) || error.status.reason !== "AlreadyExists") throw error;
    return meshRoot(client, namespace, clock);
  }
}

function secretOf({ certPem, keyPem }: KeyedCertificate, namespace: string): Secret {
  return {
    apiVersion: apiVersionOf(RESOURCES.secrets),
    kind: "Secret",
    metadata: { name: ROOT_SECRET, namespace },
    type: "istio.io/ca-root",
    data: { [CERT_KEY]: toBase64(certPem), [PRIVATE_KEY]: toBase64(keyPem) },
  };
}

function readRoot(secret: Secret): KeyedCertificate {
  const parsed = parseRoot(secret);
  if (parsed.ok) return parsed.value;
  const place = `Secret ${secret.metadata.namespace ?? ""}/${ROOT_SECRET}`;
  throw new Error(
    `${place} ${parsed.error}. Restore it from a backup, or delete it to begin with a new root.`,
  );
}

function parseRoot({ data }: Secret): Result<KeyedCertificate, string> {
  const certPem = fromBase64(data?.[CERT_KEY]);
  const keyPem = fromBase64(data?.[PRIVATE_KEY]);
  if (certPem === "" || keyPem === "") return err(`does not hold ${CERT_KEY} and ${PRIVATE_KEY}`);
  try {
    return isIssuedBy(certPem, certPem)
      ? ok({ certPem, keyPem })
      : err("holds a certificate that is not a root");
  } catch {
    return err("holds no readable certificate"); // OpenSSL's own words name neither the Secret nor the key
  }
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function fromBase64(text: string | undefined): string {
  return Buffer.from(text ?? "", "base64").toString();
}
