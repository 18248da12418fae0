import { createRoot, isIssuedBy, issueServerCertificate, readValidity, renewAt } from "@bookmesh/identity";
import type { KeyedCertificate } from "@bookmesh/identity";
import type { Clock } from "@bookmesh/kernel";
import { existsSync, readFileSync } from "node:fs";
import type { ClusterHome } from "./cluster-home.ts";

/** The API's certificate, and the authority that signed it. */
export interface ClusterCertificates {
  readonly authorityPem: string;
  readonly serving: KeyedCertificate;
}

const DAY_MS = 86_400_000;
const AUTHORITY_LIFETIME_MS = 3650 * DAY_MS;
const SERVING_LIFETIME_MS = 365 * DAY_MS;

/**
 * The certificates of a cluster at `address`: kept in its home, the serving one made anew in the middle of its life, both where
 * the authority has expired, since nobody trusts it any more.
 */
export async function clusterCertificates(
  home: ClusterHome,
  address: string,
  clock: Clock,
): Promise<ClusterCertificates> {
  const former = kept(home, "ca");
  const isTrusted = former !== undefined && readValidity(former.certPem).notAfterMs > clock.now();
  const root = isTrusted
    ? former
    : keep(
        home,
        "ca",
        await createRoot({ commonName: "bookmesh local cluster", lifetimeMs: AUTHORITY_LIFETIME_MS, clock }),
      );
  const name = `serving-${address}`;
  const present = kept(home, name);
  const isGood =
    present !== undefined &&
    isIssuedBy(present.certPem, root.certPem) &&
    renewAt(readValidity(present.certPem)) > clock.now();
  if (isGood) return { authorityPem: root.certPem, serving: present };
  const serving = await issueServerCertificate(root, {
    dnsNames: [
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ],
    ipAddresses: [address, "10.96.0.1"],
    lifetimeMs: SERVING_LIFETIME_MS,
    clock,
  });
  return { authorityPem: root.certPem, serving: keep(home, name, serving) };
}

function kept(home: ClusterHome, name: string): KeyedCertificate | undefined {
  const [certFile, keyFile] = [home.path(`${name}.crt`), home.path(`${name}.key`)];
  if (!existsSync(certFile) || !existsSync(keyFile)) return undefined;
  return { certPem: readFileSync(certFile, "utf8"), keyPem: readFileSync(keyFile, "utf8") };
}

function keep(home: ClusterHome, name: string, certificate: KeyedCertificate): KeyedCertificate {
  home.write(`${name}.key`, certificate.keyPem);
  home.write(`${name}.crt`, certificate.certPem);
  return certificate;
}
