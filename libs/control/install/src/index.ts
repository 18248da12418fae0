// What can be chosen
export { installValues, type InstallValues } from "./values/install-values.ts";
export { DEFAULT_TAG } from "./values/settings.ts";
export { operatorSettings } from "./values/operator-settings.ts";
export { podNetworkOf, type PodNetwork } from "./values/pod-network.ts";

// What is installed
export { meshComponents, meshObjects, meshObjectsWhere, type MeshComponent } from "./mesh-objects.ts";
export type { InjectorValues } from "./objects/injector-config.ts";
export { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, MESH_NAMESPACE, ROOT_CONFIG_MAP } from "./objects/names.ts";
export { overRunning } from "./objects/over-running.ts";

// The same as a Helm chart
export { chartFiles, type ChartFile } from "./chart/chart-files.ts";
