import type { Volume } from "@bookmesh/kube-api";

/** A token is fetched anew long before it ends. */
const TOKEN_SECONDS = 43_200;

/** Where the sidecar's container finds its volumes. */
export const SIDECAR_MOUNTS = [
  { name: "istio-data", mountPath: "/var/lib/istio/data" },
  { name: "istio-podinfo", mountPath: "/etc/istio/pod" },
  { name: "istio-token", mountPath: "/var/run/secrets/tokens" },
  { name: "istiod-ca-cert", mountPath: "/var/run/secrets/istio" },
] as const;

/**
 * What the sidecar mounts: a place for its last good configuration, who the pod is, a token that says so to istiod, and
 * the root by which istiod is known. Where `keepsKeys`, that place is memory: a proxy writes keys to no other.
 *
 * No `fsGroup` is needed to read the token: where containers run as different users, a kubelet leaves it readable.
 */
export function sidecarVolumes({ keepsKeys = false } = {}): readonly Volume[] {
  const field = (path: string) => ({ path, fieldRef: { apiVersion: "v1", fieldPath: `metadata.${path}` } });
  const token = { audience: "istio-ca", expirationSeconds: TOKEN_SECONDS, path: "istio-token" };
  return [
    { name: "istio-data", emptyDir: keepsKeys ? { medium: "Memory" } : {} },
    { name: "istio-podinfo", downwardAPI: { items: [field("labels"), field("annotations")] } },
    { name: "istio-token", projected: { sources: [{ serviceAccountToken: token }] } },
    { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
  ];
}
