// The control plane
export { startDiscovery } from "./discovery.ts";
export type {
  DiscoveryAddresses,
  DiscoveryIdentity,
  DiscoveryOptions,
  RunningDiscovery,
} from "./discovery.ts";
export type { Translate } from "./world/proxy-targets.ts";
