// A sidecar, whole
export { SIDECAR_PORTS, startSidecar, type Sidecar, type SidecarOptions } from "./agent/run-sidecar.ts";
export { readPodEnvironment, type PodEnvironment } from "./agent/pod-environment.ts";
export { releaseProgramPages } from "./agent/program-pages.ts";
export { askAdmin, type AdminAnswer } from "./agent/ask-admin.ts";
export type { ControlPlane } from "./ads/ads-client.ts";

// The data path alone
export { serveTraffic } from "./datapath/serve-traffic.ts";
export { fileAccessLog } from "./datapath/file-access-log.ts";
export type { Traffic, TrafficOptions } from "./datapath/traffic.ts";
export type { AccessLogEntry, AccessLogSink } from "./datapath/access-log.ts";
export { DURATION_BUCKETS_MS, type RouteStats, type TrafficStats } from "./datapath/traffic-stats.ts";
