import type { DiscoveryAddresses, DiscoveryIdentity } from "@bookmesh/serve";

/** The version that this program says it is. */
const VERSION = "0.1.0";

/** What the environment says: who this pod is, and where it listens. */
export interface ControlPlaneEnv {
  readonly identity: DiscoveryIdentity;
  readonly addresses: DiscoveryAddresses;
  /** How long it serves on after it was told to end: until nobody is sent here any more. */
  readonly drainMs: number;
}

/** Longer than the news of an endpoint that ends takes to reach the nodes of a cluster. */
const DRAIN_SECONDS = 3;

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
      host: env["BIND_ADDRESS"] ?? env["APPLICATION_ADDRESS"] ?? wildcard(env["INSTANCE_IP"]),
      xdsPort: numberOr(env["XDS_PORT"], 15_012),
      webhookPort: numberOr(env["WEBHOOK_PORT"], 15_017),
      monitoringPort: numberOr(env["MONITORING_PORT"], 15_014),
    },
    drainMs: 1_000 * numberOr(env["TERMINATION_DRAIN_DURATION_SECONDS"], DRAIN_SECONDS),
  };
}

/** All addresses of a pod; the IPv6 wildcard takes IPv4 along. */
function wildcard(podIp = ""): string {
  return podIp.includes(":") ? "::" : "0.0.0.0";
}

function numberOr(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text);
}
