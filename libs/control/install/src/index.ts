// What can be chosen
export { DEFAULT_TAG, installValues, PROFILES, type InstallValues, type Profile } from "./install-values.ts";
export { podNetworkOf, type PodNetwork } from "./pod-network.ts";

// What is installed
export { meshComponents, meshObjects, type MeshComponent } from "./mesh-objects.ts";
export type { InjectorValues } from "./injector-config.ts";
export { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE } from "./names.ts";
export { INJECTOR_WEBHOOK, VALIDATOR_WEBHOOK } from "./webhooks.ts";
