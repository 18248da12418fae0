import { delimiter } from "node:path";
import type { Pod } from "@bookmesh/kube-api";
import { applicationAddress } from "../network/pod-addresses.ts";
import { hasProxy } from "./pod-containers.ts";

/** What a pod's processes are told about the cluster. */
export interface ClusterFacts {
  readonly hostAddress: string;
  readonly apiPort: number;
  /** The directory of the Node that runs this cluster: `node` means the same in every container. */
  readonly nodeDirectory: string;
  /** The programs that `exec` finds when the machine has none of that name. */
  readonly binDirectory: string;
}

/** Where the runtime's forward proxy of a pod listens, on its application address. */
export const FORWARD_PROXY_PORT = 15008;

/** What a process needs of the host's environment to run at all. */
const INHERITED = ["HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER"] as const;

/** The address on which the application of `pod` listens. */
export function listenAddress(pod: Pod, podIp: string): string {
  return hasProxy(pod) ? applicationAddress(podIp) : podIp;
}

/** The variables that every container gets before its own. */
export function runtimeEnvironment(
  pod: Pod,
  { podIp, sandboxRoot }: { readonly podIp: string; readonly sandboxRoot: string },
  facts: ClusterFacts,
): Readonly<Record<string, string>> {
  const proxy = `http://${applicationAddress(podIp)}:${FORWARD_PROXY_PORT}`;
  return {
    ...inherited(process.env),
    PATH: [facts.nodeDirectory, process.env["PATH"] ?? "/usr/bin:/bin", facts.binDirectory].join(delimiter),
    HOSTNAME: pod.metadata.name,
    APPLICATION_ADDRESS: listenAddress(pod, podIp),
    CONTAINER_SANDBOX_MOUNT_POINT: sandboxRoot,
    KUBERNETES_SERVICE_HOST: facts.hostAddress,
    KUBERNETES_SERVICE_PORT: String(facts.apiPort),
    KUBERNETES_SERVICE_PORT_HTTPS: String(facts.apiPort),
    NODE_USE_ENV_PROXY: "1",
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    no_proxy: facts.hostAddress,
    NO_PROXY: facts.hostAddress,
  };
}

function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
