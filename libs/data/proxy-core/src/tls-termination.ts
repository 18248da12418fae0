import type { Result } from "@bookmesh/kernel";
import type { ChainSet } from "./proxy-snapshot.ts";

/** A certificate, with those between it and its root, and its private key; all PEM. */
export interface KeyPair {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** What a certificate says that people ask for. */
export interface CertificateFacts {
  readonly subject: string;
  readonly serialNumber: string;
  /** `DNS:rating.example`, `IP Address:10.0.0.1`, `URI:spiffe://…`. */
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly expiresMs: number;
}

/** What is wrong with a key pair, and in which part of it. */
export interface KeyPairProblem {
  readonly field: "certificate_chain" | "private_key";
  readonly problem: string;
}

/** Reads the certificates of a key pair, the server's first. */
export type InspectKeyPair = (keyPair: KeyPair) => Result<readonly CertificateFacts[], KeyPairProblem>;

/** How TLS ends here. Source: Envoy, `DownstreamTlsContext`. */
export interface TlsSettings {
  readonly minimumVersion: TlsVersion;
  readonly maximumVersion: TlsVersion;
  /** What the client may choose from (ALPN). Empty: nothing is offered. */
  readonly applicationProtocols: readonly string[];
}

/** The versions that are still safe. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** How TLS ends here, and with which certificate at this moment. */
export interface TlsTermination {
  readonly settings: TlsSettings;
  /** Absent: it has not come yet, and connections are refused. */
  readonly keyPair: KeyPair | undefined;
}

/** What serves the connections of clients that begin with TLS and ask for certain names. */
export interface SecureChain extends ChainSet {
  /** Absent: TLS ends at the upstream; the bytes pass as they are. */
  readonly tls?: TlsTermination;
}

/** The secure chains of a listener, by the server name that a client asks for. */
export interface ServerNames {
  /** A refused connection is worth a line in the access log. */
  readonly writesAccessLog: boolean;
  /**
   * `serverName` in lower case, "" for a client that names none. Exact names first, then the longest `*.suffix`, then
   * the chain for all. Source: Envoy, `FilterChainMatch.server_names`.
   */
  find(serverName: string): SecureChain | undefined;
}

/** Indexes chains by their names; a chain without names is for all. */
export function indexServerNames(
  chains: readonly { readonly serverNames: readonly string[]; readonly chain: SecureChain }[],
): ServerNames {
  const exact = new Map<string, SecureChain>();
  const suffixes = new Map<string, SecureChain>();
  let fallback: SecureChain | undefined;
  for (const { serverNames, chain } of chains) {
    if (serverNames.length === 0) fallback ??= chain;
    for (const name of serverNames) {
      if (name.startsWith("*.")) suffixes.set(name.slice(1), chain);
      else exact.set(name, chain);
    }
  }
  return {
    writesAccessLog: chains.some(({ chain }) => chain.http?.writesAccessLog),
    find: (serverName) => exact.get(serverName) ?? longestSuffix(suffixes, serverName) ?? fallback,
  };
}

/** Each suffix begins with a dot; the asterisk stands for one label or more. */
function longestSuffix(suffixes: ReadonlyMap<string, SecureChain>, name: string): SecureChain | undefined {
  for (let dot = name.indexOf(".", 1); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const chain = suffixes.get(name.slice(dot));
    if (chain) return chain;
  }
  return undefined;
}
