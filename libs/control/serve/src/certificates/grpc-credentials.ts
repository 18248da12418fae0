import type { KeyedCertificate } from "@bookmesh/identity";
import type { SnapshotReader } from "@bookmesh/kernel";
import { experimental, type ServerCredentials } from "@grpc/grpc-js";

/** TLS credentials of a gRPC server that follow a certificate: new connections get the newest. */
export function grpcCredentials(certificate: SnapshotReader<KeyedCertificate>): ServerCredentials {
  const listeners = new Map<experimental.IdentityCertificateUpdateListener, () => void>();
  const provider: experimental.CertificateProvider = {
    addIdentityCertificateListener(listener) {
      const tell = ({ certPem, keyPem }: KeyedCertificate) =>
        listener({ certificate: Buffer.from(certPem), privateKey: Buffer.from(keyPem) });
      listeners.set(listener, certificate.subscribe(tell));
      // Whoever listens here passes the certificate on to the server, which subscribes a moment later.
      queueMicrotask(() => tell(certificate.current()));
    },
    removeIdentityCertificateListener(listener) {
      listeners.get(listener)?.();
      listeners.delete(listener);
    },
    // Callers prove themselves by token: no client certificates are asked for.
    addCaCertificateListener: () => undefined,
    removeCaCertificateListener: () => undefined,
  };
  return serverCredentials(provider, null, false);
}

/** The published types name the first two parameters in the wrong order: it is identity, then authority. */
const serverCredentials: (
  identity: experimental.CertificateProvider,
  authority: null,
  requireClientCertificate: false,
) => ServerCredentials = experimental.createCertificateProviderServerCredentials;
