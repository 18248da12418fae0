// Talking with the control plane, state of the world: what is asked for, taken over and refused
export {
  emptyDiscoveryState,
  openStream,
  receive,
  type DiscoveryState,
  type DiscoveryStep,
} from "./discovery/discovery-state.ts";
export type { SubscriptionRequest } from "./discovery/subscription.ts";
export type { DiscoveryAnswer, ResourceSet } from "./discovery/resource-set.ts";
export { visibleResources, warmingOf } from "./discovery/visible-resources.ts";
