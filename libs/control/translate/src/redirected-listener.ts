import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  type HttpConnectionManagerSchema,
  ListenerSchema,
  OriginalDstSchema,
  TrafficDirection,
  type Listener,
} from "@bookmesh/xds-api";
import { fromAds } from "./config-source.ts";
import { protoDuration } from "./duration.ts";
import { accessLog } from "./access-log.ts";
import {
  HTTP1,
  httpChain,
  httpInspector,
  inspection,
  tcpChain,
  WEBSOCKET,
  type Chain,
} from "./filter-chain.ts";
import { inboundChains } from "./listener.ts";
import type { MessageInit } from "./message-init.ts";
import {
  BLACK_HOLE_CLUSTER,
  INBOUND_PASSTHROUGH_CLUSTER,
  PASSTHROUGH_CLUSTER,
  VIRTUAL_INBOUND,
  VIRTUAL_OUTBOUND,
} from "./names.ts";
import type { Protocol } from "./protocol.ts";
import { INBOUND_PORT, OUTBOUND_PORT } from "./reserved-ports.ts";
import { socketAddress } from "./socket-address.ts";

/** What all redirecting listeners depend on. */
interface Redirected {
  /** As in `ProxyView`; at least one. */
  readonly wildcards: readonly string[];
}

/** Everything that `virtualOutbound` depends on. It is also the cache key. */
export interface VirtualOutboundInputs extends Redirected {
  /** Where connections go that no service explains. */
  readonly allowsUnknownHosts: boolean;
}

/** Everything that `virtualInbound` depends on. It is also the cache key. */
export interface VirtualInboundInputs extends Redirected {
  /** The application's ports that some service names. */
  readonly ports: readonly (readonly [port: number, protocol: Protocol])[];
  readonly accessLogFile: string;
}

/** Everything that the listener of one HTTP port of many services depends on. It is also the cache key. */
export interface RedirectedHttpInputs extends VirtualOutboundInputs {
  readonly port: number;
  readonly accessLogFile: string;
}

/** Everything that the listener of one port of one service depends on. It is also the cache key. */
export interface RedirectedServiceInputs {
  /** A ClusterIP, or that of a pod of a headless service. */
  readonly address: string;
  readonly port: number;
  readonly cluster: string;
  /** The route configuration of what turns out to be HTTP; absent: nobody looks. */
  readonly routes?: string;
  readonly accessLogFile: string;
}

/** Builds the listener that takes everything the pod sends. */
export function translateVirtualOutbound({ wildcards, allowsUnknownHosts }: VirtualOutboundInputs): Listener {
  return create(ListenerSchema, {
    name: VIRTUAL_OUTBOUND,
    ...addresses(wildcards, OUTBOUND_PORT),
    useOriginalDst: true,
    trafficDirection: TrafficDirection.OUTBOUND,
    filterChains: [blackHole(VIRTUAL_OUTBOUND, OUTBOUND_PORT)],
    defaultFilterChain: {
      name: "virtualOutbound-catchall-tcp",
      ...tcpChain(allowsUnknownHosts ? PASSTHROUGH_CLUSTER : BLACK_HOLE_CLUSTER),
    },
  });
}

/** Builds the listener that takes everything that is sent to the pod. */
export function translateVirtualInbound({ wildcards, ports, accessLogFile }: VirtualInboundInputs): Listener {
  const chains = ports.flatMap(([port, protocol]) =>
    inboundChains({ port, protocol, accessLogFile }).map((chain) => ({
      ...chain,
      name: `0.0.0.0_${port}`,
      filterChainMatch: { ...chain.filterChainMatch, destinationPort: port },
    })),
  );
  return create(ListenerSchema, {
    name: VIRTUAL_INBOUND,
    ...addresses(wildcards, INBOUND_PORT),
    trafficDirection: TrafficDirection.INBOUND,
    ...inspection(),
    listenerFilters: [originalDestination(), httpInspector()],
    filterChains: [blackHole(VIRTUAL_INBOUND, INBOUND_PORT), ...chains],
    defaultFilterChain: {
      name: "virtualInbound-catchall-tcp",
      ...tcpChain(INBOUND_PASSTHROUGH_CLUSTER),
    },
  });
}

/** Builds the listener of an HTTP port: the host that a request names says which service it is for. */
export function translateRedirectedHttp(inputs: RedirectedHttpInputs): Listener {
  const { wildcards, port, accessLogFile, allowsUnknownHosts } = inputs;
  const [wildcard = ""] = wildcards;
  return create(ListenerSchema, {
    name: `${wildcard}_${port}`,
    ...addresses(wildcards, port),
    bindToPort: false,
    trafficDirection: TrafficDirection.OUTBOUND,
    listenerFilters: [httpInspector()],
    // A client that connects early and asks late is to be routed all the same.
    listenerFiltersTimeout: protoDuration(0),
    filterChains: [httpChainOf({ prefix: `outbound_${wildcard}_${port}`, routes: `${port}`, accessLogFile })],
    defaultFilterChain: {
      name: "PassthroughFilterChain",
      ...tcpChain(allowsUnknownHosts ? PASSTHROUGH_CLUSTER : BLACK_HOLE_CLUSTER),
    },
  });
}

/** Builds the listener of a service whose calls need not be HTTP: its address says that they are for it. */
export function translateRedirectedService(inputs: RedirectedServiceInputs): Listener {
  const { address, port, cluster, routes, accessLogFile } = inputs;
  const http =
    routes === undefined
      ? []
      : [httpChainOf({ prefix: `outbound_${address}_${port}`, routes, accessLogFile })];
  return create(ListenerSchema, {
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    bindToPort: false,
    trafficDirection: TrafficDirection.OUTBOUND,
    ...(routes !== undefined && inspection()),
    filterChains: http,
    defaultFilterChain: tcpChain(cluster),
  });
}

/** A connection to the listener's own port was not redirected: it would come back for ever. */
function blackHole(listener: string, port: number): Chain {
  return {
    name: `${listener}-blackhole`,
    filterChainMatch: { destinationPort: port },
    ...tcpChain(BLACK_HOLE_CLUSTER),
  };
}

function httpChainOf({
  prefix,
  routes,
  accessLogFile,
}: {
  readonly prefix: string;
  readonly routes: string;
  readonly accessLogFile: string;
}): Chain {
  const manager: MessageInit<typeof HttpConnectionManagerSchema> = {
    statPrefix: prefix,
    routeSpecifier: { case: "rds", value: { routeConfigName: routes, configSource: fromAds() } },
    upgradeConfigs: WEBSOCKET,
    ...accessLog(accessLogFile),
  };
  return { ...httpChain(manager), filterChainMatch: { applicationProtocols: HTTP1 } };
}

function addresses(wildcards: readonly string[], port: number) {
  const [first = "", ...others] = wildcards;
  return {
    address: socketAddress(first, port),
    additionalAddresses: others.map((address) => ({ address: socketAddress(address, port) })),
  };
}

function originalDestination() {
  const typed = anyPack(OriginalDstSchema, create(OriginalDstSchema));
  return {
    name: "envoy.filters.listener.original_dst",
    configType: { case: "typedConfig", value: typed },
  } as const;
}
