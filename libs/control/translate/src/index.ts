// Input
export type { Credential, MeshSnapshot } from "./mesh-snapshot.ts";
export type { ProxyView } from "./proxy-view.ts";

// Output
export { meshTranslator, type MeshTranslator, type RouterTranslator } from "./mesh-translator.ts";
export type { EncodedResource, ProxyResources, TypedResources } from "./encoded-resource.ts";
export { typedResources, withResources } from "./encoded-resource.ts";

// For whoever judges rules
export { coversHost, isServiceHost, resolveHost } from "./host-name.ts";
export { meshIndex, type MeshIndex } from "./mesh-index.ts";
export type { MeshService } from "./mesh-service.ts";
export { protocolOf } from "./protocol.ts";
export { compareAge } from "./rule-order.ts";
