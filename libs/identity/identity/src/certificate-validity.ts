import { X509Certificate } from "node:crypto";

/** From when to when a certificate holds, in milliseconds since the epoch. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Reads the validity of the first certificate of `certPem`. Throws where that is not a certificate. */
export function readValidity(certPem: string): Validity {
  const { validFromDate, validToDate } = new X509Certificate(certPem);
  return { notBeforeMs: validFromDate.getTime(), notAfterMs: validToDate.getTime() };
}

/**
 * When to replace a certificate: at half of its life, so that a renewal may fail for as long as
 * the certificate was used before anybody notices.
 */
export function renewAt({ notBeforeMs, notAfterMs }: Validity): number {
  return notBeforeMs + (notAfterMs - notBeforeMs) / 2;
}

/** Says whether `certPem` was signed by the key of `rootPem`. */
export function isIssuedBy(certPem: string, rootPem: string): boolean {
  const root = new X509Certificate(rootPem);
  const certificate = new X509Certificate(certPem);
  return certificate.checkIssued(root) && certificate.verify(root.publicKey);
}
