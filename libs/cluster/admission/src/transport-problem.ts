import { messageOf } from "@bookmesh/kernel";

/** What Node says of a connection that cannot be made, and the words in which Kubernetes tells it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^connect ECONNREFUSED (\S+).*/s, "dial tcp $1: connect: connection refused"],
  [/^connect EHOSTUNREACH (\S+).*/s, "dial tcp $1: connect: no route to host"],
  [/^connect ENETUNREACH (\S+).*/s, "dial tcp $1: connect: network is unreachable"],
  [/^getaddrinfo \S+ (\S+).*/s, "dial tcp: lookup $1: no such host"],
  [
    /^(unable to verify the first certificate|unable to get local issuer certificate|self-signed certificate( in certificate chain)?)\b.*/s,
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  ],
  [
    /^certificate has expired\b.*/s,
    "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
  ],
  [/^Hostname\/IP does not match certificate's altnames: /, "tls: failed to verify certificate: x509: "],
];

/** Why a webhook could not be reached, in the words that people know from Kubernetes. */
export function transportProblem(error: unknown): string {
  const text = messageOf(error);
  const [pattern, words] = WORDS.find(([each]) => each.test(text)) ?? [/^/, ""];
  return text.replace(pattern, words);
}
