export { serveTraffic } from "./serve-traffic.ts";
export { fileAccessLog } from "./file-access-log.ts";
export type { DrainTimes, Traffic, TrafficOptions } from "./traffic.ts";
export type { AccessLogSink } from "./access-log.ts";
export {
  DURATION_BUCKETS_MS,
  type ClusterStats,
  type RefusalReason,
  type RouteStats,
  type TrafficStats,
} from "./traffic-stats.ts";
