// What other translations of the same mesh are made of

// The mesh, ordered for look-ups
export type { MeshIndex } from "./mesh-index.ts";
export { isExported } from "./mesh-service.ts";
export { outboundView } from "./outbound-view.ts";
export { servicesOf, targetPort } from "./proxy-services.ts";
export { compareAge } from "./rule-order.ts";

// Names
export { coversHost, resolveHost } from "./host-name.ts";
export { resolveGateway } from "./names.ts";
export { namespaceOf } from "./virtual-service-choice.ts";

// Rules, read
export type { HttpRouteInputs } from "./http-route.ts";
export { isCatchAll, rulesOf } from "./route-inputs.ts";
export type { VirtualHostInputs } from "./route.ts";

// Resources
export { blackHoleCluster } from "./cluster.ts";
export { fromAds, fromAdsSoon } from "./config-source.ts";
export { encodeResource, part, typedResources } from "./encoded-resource.ts";
export { encodeCluster, encodeListener, type Encoders } from "./encoders.ts";
export { ACCESS_LOG_FORMAT, accessLog } from "./access-log.ts";
export { httpChain, WEBSOCKET, type Chain } from "./filter-chain.ts";
export { memo } from "./memo.ts";
export type { SharedParts } from "./mesh-translator.ts";
export { joinRouteConfiguration } from "./route-configuration.ts";
export { socketAddress } from "./socket-address.ts";
