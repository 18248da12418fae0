import { stringify } from "yaml";

/** What a client needs to reach the cluster. */
export interface ClusterAccess {
  readonly address: string;
  readonly port: number;
  readonly authorityPem: string;
  readonly token: string;
}

/** The kubeconfig of the local cluster: one context, `bookmesh`. */
export function kubeconfig({ address, port, authorityPem, token }: ClusterAccess): string {
  const name = "bookmesh";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: `https://${address}:${port}`,
          "certificate-authority-data": Buffer.from(authorityPem).toString("base64"),
        },
      },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
