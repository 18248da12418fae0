// Input
export type { Credential, MeshSnapshot } from "./mesh-snapshot.ts";
export type { ProxyView } from "./proxy-view.ts";

// Output
export { meshTranslator, type MeshTranslator, type RouterTranslator } from "./mesh-translator.ts";
export type { EncodedResource, ProxyResources, TypedResources } from "./encoded-resource.ts";

// For whoever judges rules
export { referenceChecker, referenceWarnings } from "./reference-warnings.ts";
