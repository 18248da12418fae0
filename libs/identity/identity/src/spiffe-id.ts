import { err, ok, type Result } from "@bookmesh/kernel";

/** A workload's name in the mesh, as it stands in the URI SAN of its certificate. */
export interface SpiffeId {
  /** Lower-case host-like name, without scheme or port. */
  readonly trustDomain: string;
  /** Starts with "/" unless empty; never ends with one. */
  readonly path: string;
}

/** Source: SPIFFE-ID §2.3. */
const MAX_LENGTH_BYTES = 2_048;
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/**
 * Reads a SPIFFE ID strictly: no percent-encoding, no dot segments, no trailing slash.
 *
 * **Source**: SPIFFE-ID §2 (format) and §2.3 (length). Returns the reason as a sentence without its subject.
 */
export function parseSpiffeId(text: string): Result<SpiffeId, string> {
  if (Buffer.byteLength(text) > MAX_LENGTH_BYTES) return err(`is longer than ${MAX_LENGTH_BYTES} bytes`);
  if (!text.startsWith("spiffe://")) return err('does not start with "spiffe://"');

  const [trustDomain = "", ...segments] = text.slice("spiffe://".length).split("/");
  if (!TRUST_DOMAIN.test(trustDomain)) return err(`has the invalid trust domain "${trustDomain}"`);

  const badSegment = segments.find((segment) => !SEGMENT.test(segment));
  if (badSegment !== undefined) return err(`has the invalid path segment "${badSegment}"`);

  return ok({ trustDomain, path: segments.map((segment) => `/${segment}`).join("") });
}

/** Writes a SPIFFE ID: the reverse of `parseSpiffeId`. */
export function formatSpiffeId({ trustDomain, path }: SpiffeId): string {
  return `spiffe://${trustDomain}${path}`;
}

/** The id that Istio gives to every pod of a service account. */
export function workloadSpiffeId(
  trustDomain: string,
  account: { readonly namespace: string; readonly serviceAccount: string },
): SpiffeId {
  return { trustDomain, path: `/ns/${account.namespace}/sa/${account.serviceAccount}` };
}
