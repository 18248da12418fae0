import { existsSync } from "node:fs";
import type { ClusterHome } from "./cluster-home.ts";
import type { PodNetworkMode } from "./options.ts";

const FILE = "pod-network";

/** Throws where the pods that `home` keeps were made for another mode: their addresses and sidecars would not fit. */
export function requireSameNetwork(home: ClusterHome, podNetwork: PodNetworkMode): void {
  const isOld = existsSync(home.path("state.sqlite")) && !existsSync(home.path(FILE));
  const kept = home.secret(FILE, () => (isOld ? "loopback" : podNetwork));
  if (kept !== podNetwork)
    throw new Error(
      `The state in ${home.path()} was made with --pod-network ${kept}: keep to it, or begin anew with --fresh.`,
    );
}
