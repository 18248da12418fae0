import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterHome } from "./cluster-home.ts";
import { POD_NETWORK_MODES, type PodNetworkMode } from "./options.ts";

const FILE = "pod-network";

/** The mode that the pods in a directory were made for; `undefined` where there are none. */
export function keptNetwork(home: string): PodNetworkMode | undefined {
  const file = join(home, FILE);
  if (existsSync(file)) {
    const text = readFileSync(file, "utf8");
    return POD_NETWORK_MODES.find((mode) => mode === text) ?? "loopback";
  }
  // Before there were modes there was this one.
  return existsSync(join(home, "state.sqlite")) ? "loopback" : undefined;
}

/** Throws where the pods that `home` keeps were made for another mode: their addresses and sidecars would not fit. */
export function requireSameNetwork(home: ClusterHome, podNetwork: PodNetworkMode): void {
  const kept = keptNetwork(home.path()) ?? podNetwork;
  if (kept !== podNetwork)
    throw new Error(
      `The state in ${home.path()} was made with --pod-network ${kept}: keep to it, or begin anew with --fresh.`,
    );
  home.write(FILE, podNetwork);
}
