import { LOWER, matchesFolded } from "./octets.ts";

/** The fields that the codec or the proxy's head edits must know; every other one is copied as it came. */
export const FIELD_KIND = {
  other: 0,
  host: 1,
  connection: 2,
  contentLength: 3,
  transferEncoding: 4,
  expect: 5,
  upgrade: 6,
  /** Concerns this connection only; never forwarded. Source: RFC 9110 §7.6.1. */
  hopByHop: 7,
  requestId: 8,
  forwardedFor: 9,
  forwardedProto: 10,
  userAgent: 11,
  server: 12,
  date: 13,
  /** Only proxies may set it: what a client sends under this name is dropped. */
  proxyOnly: 14,
  keepAlive: 15,
} as const satisfies Record<string, number>;

/** One of the values of `FIELD_KIND`. */
export type FieldKind = (typeof FIELD_KIND)[keyof typeof FIELD_KIND];

const KNOWN: readonly (readonly [name: string, kind: FieldKind])[] = [
  ["host", FIELD_KIND.host],
  ["connection", FIELD_KIND.connection],
  ["content-length", FIELD_KIND.contentLength],
  ["transfer-encoding", FIELD_KIND.transferEncoding],
  ["expect", FIELD_KIND.expect],
  ["upgrade", FIELD_KIND.upgrade],
  ["keep-alive", FIELD_KIND.keepAlive],
  ["proxy-connection", FIELD_KIND.hopByHop],
  ["proxy-authorization", FIELD_KIND.hopByHop],
  ["te", FIELD_KIND.hopByHop],
  ["trailer", FIELD_KIND.hopByHop],
  ["http2-settings", FIELD_KIND.hopByHop],
  ["x-request-id", FIELD_KIND.requestId],
  ["x-forwarded-for", FIELD_KIND.forwardedFor],
  ["x-forwarded-proto", FIELD_KIND.forwardedProto],
  ["x-forwarded-client-cert", FIELD_KIND.proxyOnly],
  ["user-agent", FIELD_KIND.userAgent],
  ["server", FIELD_KIND.server],
  ["date", FIELD_KIND.date],
];

const LONGEST = Math.max(...KNOWN.map(([name]) => name.length));
const BY_LENGTH = Array.from({ length: LONGEST + 1 }, (_, length) =>
  KNOWN.filter(([name]) => name.length === length),
);

/** Envoy's own fields steer retries, timeouts and path checks; a client's are not believed (CVE-2023-27487). */
const ENVOY_PREFIX = "x-envoy-";
const LETTER_X = 0x78;

/** Which known field the name `bytes[from..to)` is. Letter case does not matter. */
export function fieldKind(bytes: Uint8Array, from: number, to: number): FieldKind {
  const candidates = BY_LENGTH[to - from];
  if (candidates !== undefined) {
    for (const [name, kind] of candidates) if (matchesFolded(bytes, from, name)) return kind;
  }
  const isEnvoys =
    LOWER[bytes[from] ?? 0] === LETTER_X &&
    to - from > ENVOY_PREFIX.length &&
    matchesFolded(bytes, from, ENVOY_PREFIX);
  return isEnvoys ? FIELD_KIND.proxyOnly : FIELD_KIND.other;
}
