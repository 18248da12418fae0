// The control plane
export { startDiscovery } from "./discovery.ts";
export type {
  DiscoveryAddresses,
  DiscoveryIdentity,
  DiscoveryOptions,
  RunningDiscovery,
} from "./discovery.ts";
export type { Translate } from "./world/proxy-targets.ts";

// Injection, for whoever wants to see what would be injected
export { injectSidecar, type InjectionSettings } from "./injection/inject-sidecar.ts";
export type { InjectorValues } from "./injection/injector-values.ts";
