import type { DiscoveryState } from "@bookmesh/discovery";
import type { SecretSpec } from "@bookmesh/proxy-config";
import type { JsonObject } from "@bufbuild/protobuf";

const DAY_MS = 86_400_000;

/** Envoy's names for the kinds of names in a certificate. */
const KINDS: Readonly<Record<string, string>> = { DNS: "dns", "IP Address": "ip_address", URI: "uri" };

/** The secrets that this proxy has. */
export function secretsOf({ secret }: DiscoveryState): readonly SecretSpec[] {
  return Array.from(secret.accepted.values(), ({ spec }) => spec);
}

/** The certificates that this proxy serves, as `envoy.admin.v3.Certificates`. */
export function certsJson(secrets: Iterable<SecretSpec>, nowMs: number): JsonObject {
  const certificates = Array.from(secrets, ({ name, certificates: chain }) => ({
    ca_cert: [],
    cert_chain: chain.map(({ serialNumber, names, validFromMs, expiresMs }) => ({
      path: name,
      serial_number: serialNumber,
      subject_alt_names: names.flatMap(alternativeName),
      days_until_expiration: String(Math.max(0, Math.floor((expiresMs - nowMs) / DAY_MS))),
      valid_from: new Date(validFromMs).toISOString(),
      expiration_time: new Date(expiresMs).toISOString(),
    })),
  }));
  return { certificates };
}

function alternativeName(name: string): readonly JsonObject[] {
  const colon = name.indexOf(":");
  const kind = KINDS[name.slice(0, colon)];
  return kind === undefined ? [] : [{ [kind]: name.slice(colon + 1) }];
}
