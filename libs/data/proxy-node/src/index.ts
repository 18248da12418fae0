// A sidecar, whole
export { startSidecar, type Sidecar, type SidecarOptions } from "./agent/run-sidecar.ts";
export { SIDECAR_PORTS } from "./agent/sidecar-ports.ts";
export { readPodEnvironment, type PodEnvironment, type ProxyRole } from "./agent/pod-environment.ts";
export { releaseProgramPages } from "./agent/program-pages.ts";
export { askAdmin, type AdminAnswer } from "./agent/ask-admin.ts";
export { proxyNode } from "./ads/proxy-node.ts";
export { grpcMethod } from "./ads/grpc-method.ts";
export type { ControlPlane } from "./ads/ads-client.ts";
