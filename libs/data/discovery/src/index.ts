// Talking with the control plane, state of the world: what is asked for, taken over and refused
export {
  emptyDiscoveryState,
  openStream,
  receive,
  type DiscoveryState,
  type DiscoveryStep,
} from "./discovery-state.ts";
export type { SubscriptionRequest } from "./subscription.ts";
export type { DiscoveryAnswer, ResourceSet } from "./resource-set.ts";
export { restoreState, savedAnswers } from "./saved-configuration.ts";
export { visibleResources, warmingOf } from "./visible-resources.ts";
