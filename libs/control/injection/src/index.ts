// Giving a pod its sidecar
export { injectSidecar, type Injection, type InjectionSettings } from "./inject-sidecar.ts";
export { injectionPatch, type JsonPatchOperation } from "./json-patch.ts";

// What the installation decides
export { DEFAULT_INJECTOR_VALUES, readInjectorValues, type InjectorValues } from "./injector-values.ts";
