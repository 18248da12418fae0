export { indexServerNames } from "./server-names.ts";
export type {
  CertificateFacts,
  InspectKeyPair,
  KeyPair,
  KeyPairProblem,
  TlsSettings,
  TlsTermination,
  TlsVersion,
} from "./tls-settings.ts";
export type { SecureChain, ServerNames } from "../proxy-snapshot.ts";
