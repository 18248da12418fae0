import { err, ok, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import {
  FilterChainMatchSchema,
  FilterChainSchema,
  HttpConnectionManagerSchema,
  HttpInspectorSchema,
  ListenerSchema,
  TcpProxySchema,
  TlsInspectorSchema,
  TrafficDirection,
  typeUrlOf,
  type FilterChain,
  type Listener as ListenerProto,
} from "@bookmesh/xds-api";
import { readConnectionManager, type HttpChainSpec } from "./decode/connection-manager.ts";
import { below, complain, placeOf, refuseFieldsBut, type Place } from "./decode/place.ts";
import { readAny, readSocketAddress } from "./decode/values.ts";
import type { Listener } from "./proxy-snapshot.ts";

/** An accepted listener, routes and clusters still by name. */
export interface ListenerSpec {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly direction: Listener["direction"];
  readonly http: HttpChainSpec | undefined;
  readonly tcp: TcpChainSpec | undefined;
}

/** An accepted `tcp_proxy`. */
export interface TcpChainSpec {
  readonly statPrefix: string;
  readonly cluster: string;
}

/** What `http_inspector` finds and this proxy takes for HTTP/1. */
const HTTP1_PROTOCOLS: readonly string[] = ["http/1.0", "http/1.1"];

/** Reads a listener, or says everything that is wrong with it. */
export function decodeListener(
  proto: ListenerProto,
  random: Random,
): Result<ListenerSpec, readonly ConfigIssue[]> {
  const place = placeOf("listeners", proto.name);
  refuseFieldsBut(
    place,
    [ListenerSchema, proto],
    [
      "name",
      "address",
      "stat_prefix",
      "filter_chains",
      "default_filter_chain",
      "metadata",
      "listener_filters",
      "listener_filters_timeout",
      "continue_on_listener_filters_timeout",
      "traffic_direction",
      "bind_to_port",
      // How the kernel spreads connections over threads; there is one.
      "enable_reuse_port",
      "connection_balance_config",
    ],
  );
  if (proto.bindToPort === false) complain(below(place, "bind_to_port"), "must not be false");
  const socket = readSocketAddress(below(place, "address"), proto.address);
  refuseListenerFilters(place, proto);
  const chains = readChains(place, proto, random);
  if (place.issues.length > 0 || !socket) return err(place.issues);
  return ok({ name: proto.name, ...socket, direction: readDirection(proto), ...chains });
}

function readDirection({ trafficDirection }: ListenerProto): Listener["direction"] {
  return trafficDirection === TrafficDirection.INBOUND ? "inbound" : "outbound";
}

/** Both inspectors are what the proxy does anyway: it looks at the first bytes of a connection. */
function refuseListenerFilters(place: Place, { listenerFilters }: ListenerProto): void {
  const known = [typeUrlOf(HttpInspectorSchema), typeUrlOf(TlsInspectorSchema)];
  for (const [index, { name, configType }] of listenerFilters.entries()) {
    if (configType.case !== "typedConfig" || !known.includes(configType.value.typeUrl))
      complain(
        below(place, "listener_filters", index),
        `${JSON.stringify(name)} is not supported by this proxy`,
      );
  }
}

type Chains = Pick<ListenerSpec, "http" | "tcp">;

function readChains(place: Place, proto: ListenerProto, random: Random): Chains {
  const chains = proto.filterChains.map((chain, index) => ({
    chain,
    at: below(place, "filter_chains", index),
  }));
  if (proto.defaultFilterChain)
    chains.push({ chain: proto.defaultFilterChain, at: below(place, "default_filter_chain") });
  if (chains.length === 0) complain(below(place, "filter_chains"), "must not be empty");
  let found: Chains = { http: undefined, tcp: undefined };
  for (const { chain, at } of chains) {
    const next = readChain(at, chain, random);
    if ((next.http && found.http) ?? (next.tcp && found.tcp))
      complain(at, "is a second chain of its kind; there may be one for HTTP and one for all else");
    found = { http: next.http ?? found.http, tcp: next.tcp ?? found.tcp };
  }
  return found;
}

function readChain(place: Place, chain: FilterChain, random: Random): Chains {
  refuseFieldsBut(place, [FilterChainSchema, chain], ["name", "filter_chain_match", "filters", "metadata"]);
  const [filter, ...others] = chain.filters;
  const at = below(place, "filters", 0);
  if (others.length > 0)
    complain(below(place, "filters", 1), "must not exist: one network filter is supported");
  if (filter?.configType.case !== "typedConfig") {
    complain(at, "must have a typed_config");
    return { http: undefined, tcp: undefined };
  }
  const any = filter.configType.value;
  if (any.typeUrl === typeUrlOf(TcpProxySchema)) {
    refuseChainMatch(place, chain, []);
    return { http: undefined, tcp: readTcpProxy(at, any) };
  }
  refuseChainMatch(place, chain, HTTP1_PROTOCOLS);
  const manager = readAny(at, any, HttpConnectionManagerSchema);
  return { http: manager && readConnectionManager(at, manager, random), tcp: undefined };
}

function refuseChainMatch(
  place: Place,
  { filterChainMatch }: FilterChain,
  protocols: readonly string[],
): void {
  if (!filterChainMatch) return;
  const at = below(place, "filter_chain_match");
  refuseFieldsBut(
    at,
    [FilterChainMatchSchema, filterChainMatch],
    ["application_protocols", "transport_protocol"],
  );
  if (!["", "raw_buffer"].includes(filterChainMatch.transportProtocol))
    complain(below(at, "transport_protocol"), "must be raw_buffer");
  for (const protocol of filterChainMatch.applicationProtocols) {
    if (!protocols.includes(protocol))
      complain(
        below(at, "application_protocols"),
        `must not name ${JSON.stringify(protocol)} with this filter`,
      );
  }
}

function readTcpProxy(place: Place, any: Parameters<typeof readAny>[1]): TcpChainSpec | undefined {
  const proto = readAny(place, any, TcpProxySchema);
  if (!proto) return undefined;
  refuseFieldsBut(place, [TcpProxySchema, proto], ["stat_prefix", "cluster", "access_log"]);
  if (proto.clusterSpecifier.case !== "cluster") {
    complain(below(place, "cluster"), "is required");
    return undefined;
  }
  return { statPrefix: proto.statPrefix, cluster: proto.clusterSpecifier.value };
}
