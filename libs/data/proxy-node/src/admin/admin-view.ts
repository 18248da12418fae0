import type { TrafficStats } from "@bookmesh/traffic";
import type { Clock } from "@bookmesh/kernel";
import type { Node } from "@bookmesh/xds-api";
import type { ConfigStore } from "../ads/config-store.ts";
import type { AdsStatus } from "../ads/ads-client.ts";

/** What administration pages read. */
export interface AdminView {
  readonly node: Node;
  readonly store: ConfigStore;
  readonly ads: AdsStatus;
  readonly stats: TrafficStats;
  readonly clock: Clock;
  readonly startedMs: number;
  readonly version: string;
  readonly state: () => ServerState;
}

/** Envoy's words for the phases of a proxy's life. */
export type ServerState = "PRE_INITIALIZING" | "INITIALIZING" | "LIVE" | "DRAINING";
