import type { RefusalReason, TrafficStats } from "@bookmesh/traffic";
import type { SecretSpec } from "@bookmesh/proxy-config";
import type { Family } from "./metric-family.ts";

/** Envoy counts it apart: TLS was well, but nobody serves that name. */
const UNMATCHED: readonly RefusalReason[] = ["unknown server name", "no TLS on a port for TLS"];

/** What gateways count of TLS, and until when their certificates are good. A proxy that ends no TLS shows none of it. */
export function tlsFamilies(
  { tlsHandshakes, refusals }: Pick<TrafficStats, "tlsHandshakes" | "refusals">,
  secrets: readonly SecretSpec[],
): readonly Family[] {
  if (secrets.length === 0 && refusals.size === 0) return [];
  const count = (name: string, isCounted: (reason: RefusalReason) => boolean): Family => ({
    name,
    type: "counter",
    samples: [...refusals]
      .filter(([reason]) => isCounted(reason))
      .map(([reason, value]) => ({ name, labels: { reason }, value })),
  });
  const handshakes = "envoy_listener_ssl_handshake";
  return [
    {
      name: handshakes,
      type: "counter",
      samples: [{ name: handshakes, labels: {}, value: tlsHandshakes }],
    },
    count("envoy_listener_no_filter_chain_match", (reason) => UNMATCHED.includes(reason)),
    count("envoy_listener_ssl_connection_error", (reason) => !UNMATCHED.includes(reason)),
    expirations(secrets),
  ];
}

function expirations(secrets: readonly SecretSpec[]): Family {
  const name = "envoy_listener_ssl_certificate_expiration_unix_time_seconds";
  const samples = secrets.flatMap(({ name: certificate, certificates: [leaf] }) =>
    leaf ? [{ name, labels: { certificate }, value: Math.floor(leaf.expiresMs / 1_000) }] : [],
  );
  return { name, type: "gauge", samples };
}
