// Certificates
export { createRoot, issueServerCertificate } from "./x509.ts";
export type { KeyedCertificate, RootOptions, ServerCertificateOptions } from "./x509.ts";
export { isIssuedBy, readValidity, renewAt, type Validity } from "./certificate-validity.ts";

// Names
export { formatSpiffeId, parseSpiffeId, workloadSpiffeId, type SpiffeId } from "./spiffe-id.ts";
