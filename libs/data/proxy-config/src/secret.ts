import type { CertificateFacts, InspectKeyPair, KeyPair } from "@bookmesh/proxy-core/tls";
import { err, ok, type ConfigIssue, type Result } from "@bookmesh/kernel";
import { SecretSchema, type Secret } from "@bookmesh/xds-api";
import { readTlsCertificate } from "./decode/tls-certificate.ts";
import { below, complain, placeOf, refuseFieldsBut } from "./decode/place.ts";

/** An accepted secret. */
export interface SecretSpec {
  readonly name: string;
  readonly keyPair: KeyPair;
  readonly certificates: readonly CertificateFacts[];
}

/** Reads a secret, or says everything that is wrong with it. */
export function decodeSecret(
  proto: Secret,
  inspect: InspectKeyPair,
): Result<SecretSpec, readonly ConfigIssue[]> {
  const place = placeOf("secrets", proto.name);
  refuseFieldsBut(place, [SecretSchema, proto], ["name", "tls_certificate"]);
  if (proto.type.case !== "tlsCertificate") {
    complain(place, "must be a tls_certificate");
    return err(place.issues);
  }
  const at = below(place, "tls_certificate");
  const keyPair = readTlsCertificate(at, proto.type.value);
  if (!keyPair || place.issues.length > 0) return err(place.issues);
  const inspected = inspect(keyPair);
  if (inspected.ok) return ok({ name: proto.name, keyPair, certificates: inspected.value });
  complain(below(at, inspected.error.field), inspected.error.problem);
  return err(place.issues);
}
