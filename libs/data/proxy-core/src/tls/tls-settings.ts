import type { Result } from "@bookmesh/kernel";

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
