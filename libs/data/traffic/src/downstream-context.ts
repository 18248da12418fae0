import type { ChainSet } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import type { RequestPlan, RoutedAuthority } from "./plan-request.ts";
import type { ConnectionAddresses } from "./request-record.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** What a client's connection works with. */
export interface DownstreamContext {
  readonly path: DataPath;
  readonly pools: UpstreamPools;
  /** What serves the connection, as the newest snapshot has it. */
  readonly chains: () => ChainSet;
  readonly addresses: ConnectionAddresses;
  /** Where a request without a host goes: the authority of the CONNECT around it. */
  readonly authority: string | undefined;
  /** How the client reached this proxy: `https` where TLS ends here. */
  readonly scheme: "http" | "https";
  /** What to do with the request in `path.requestHead`. */
  readonly plan: (routed: RoutedAuthority) => RequestPlan;
  /** Takes a CONNECT request over; absent where the listener is no forward proxy. */
  readonly onConnect?: (authority: string, rest: Uint8Array) => void;
  readonly onClosed: () => void;
}
