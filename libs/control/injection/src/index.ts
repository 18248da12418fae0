// Giving a pod its sidecar
export { injectSidecar, type Injection, type InjectionSettings } from "./inject-sidecar.ts";
export { injectWorkload, type InjectedWorkload } from "./inject-workload.ts";
export { injectionPatch, type JsonPatchOperation } from "./json-patch.ts";

// What the installation decides
export { DEFAULT_INJECTOR_VALUES, readInjectorValues, type InjectorValues } from "./injector-values.ts";
export {
  DEFAULT_MESH_SETTINGS,
  readMeshConfig,
  readMeshSettings,
  type MeshSettings,
} from "./mesh-settings.ts";

// What pods may say
export { readPodSettings, type PodSettings } from "./pod-settings.ts";
export { POD_ANNOTATIONS } from "./unknown-annotations.ts";

// What a proxy mounts, and is told of its pod
export { fromField } from "./from-field.ts";
export { SIDECAR_MOUNTS, sidecarVolumes } from "./sidecar-volumes.ts";
