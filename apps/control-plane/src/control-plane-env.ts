import type { DiscoveryAddresses, DiscoveryIdentity } from "@bookmesh/serve";

/** The version that this program says it is. */
const VERSION = "0.1.0";

/** What the environment says: who this pod is, and where it listens. */
export interface ControlPlaneEnv {
  readonly identity: DiscoveryIdentity;
  readonly addresses: DiscoveryAddresses;
}

/** Reads the variables that the Deployment `istiod` sets; each has a default. */
export function controlPlaneEnv(env: NodeJS.ProcessEnv): ControlPlaneEnv {
  return {
    identity: {
      podName: env["POD_NAME"] ?? "istiod",
      namespace: env["POD_NAMESPACE"] ?? "istio-system",
      clusterId: env["CLUSTER_ID"] ?? "Kubernetes",
      revision: env["REVISION"] ?? "default",
      version: VERSION,
    },
    addresses: {
      // The local cluster gives each pod an address of its own; elsewhere a pod has all of its network.
      host: env["BIND_ADDRESS"] ?? env["APPLICATION_ADDRESS"] ?? "0.0.0.0",
      xdsPort: portOr(env["XDS_PORT"], 15_012),
      webhookPort: portOr(env["WEBHOOK_PORT"], 15_017),
      monitoringPort: portOr(env["MONITORING_PORT"], 15_014),
    },
  };
}

function portOr(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text);
}
