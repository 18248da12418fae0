import type { Random } from "@bookmesh/kernel";
import {
  FilterChainMatchSchema,
  FilterChainSchema,
  HttpConnectionManagerSchema,
  TcpProxySchema,
  typeUrlOf,
  type FilterChain,
  type Listener as ListenerProto,
} from "@bookmesh/xds-api";
import { readConnectionManager, type HttpChainSpec } from "./connection-manager.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { MAX_PORT, readAny } from "./values.ts";

/** What serves a connection: `http` if its first bytes are an HTTP/1 request, `tcp` if they are anything else. */
export interface ChainsSpec {
  readonly http: HttpChainSpec | undefined;
  readonly tcp: TcpChainSpec | undefined;
}

/** An accepted `tcp_proxy`. */
export interface TcpChainSpec {
  readonly statPrefix: string;
  readonly cluster: string;
}

/** A listener's chains: those for connections to certain ports, and those for all others. */
export interface ChainTableSpec extends ChainsSpec {
  readonly chainsByPort: ReadonlyMap<number, ChainsSpec>;
}

interface OneChain extends ChainsSpec {
  readonly place: Place;
  /** The destination port that it is for; 0: any. */
  readonly port: number;
  /** It leaves connections alone that do not begin with an HTTP/1 request. */
  readonly isForHttpOnly: boolean;
}

const NO_CHAINS: ChainsSpec = { http: undefined, tcp: undefined };

/** What `http_inspector` finds and this proxy takes for HTTP/1. */
const HTTP1_PROTOCOLS: readonly string[] = ["http/1.0", "http/1.1"];

/**
 * Reads all filter chains of a listener. As in Envoy a destination port that has chains of its own is served by these
 * and the default chain alone.
 */
export function readFilterChains(place: Place, proto: ListenerProto, random: Random): ChainTableSpec {
  const chains = proto.filterChains.map((chain, index) =>
    readChain(below(place, "filter_chains", index), chain, random),
  );
  const fallback =
    proto.defaultFilterChain &&
    readChain(below(place, "default_filter_chain"), proto.defaultFilterChain, random);
  if (chains.length === 0 && !fallback) complain(below(place, "filter_chains"), "must not be empty");
  const byPort = Map.groupBy(chains, ({ port }) => port);
  const { http, tcp } = joinChains(byPort.get(0) ?? [], fallback);
  byPort.delete(0);
  const chainsByPort = new Map([...byPort].map(([port, group]) => [port, joinChains(group, fallback)]));
  return { http, tcp, chainsByPort };
}

function joinChains(chains: readonly OneChain[], fallback: OneChain | undefined): ChainsSpec {
  if (chains.length === 0) return fallback ?? NO_CHAINS;
  let found = NO_CHAINS;
  let leavesOthers = false;
  for (const { place, http, tcp, isForHttpOnly } of chains) {
    if ((http && found.http) ?? (tcp && found.tcp))
      complain(place, "is a second chain of its kind; there may be one for HTTP and one for all else");
    found = { http: http ?? found.http, tcp: tcp ?? found.tcp };
    leavesOthers ||= isForHttpOnly;
  }
  return leavesOthers && !found.tcp ? { ...found, tcp: fallback?.tcp } : found;
}

function readChain(place: Place, chain: FilterChain, random: Random): OneChain {
  refuseFieldsBut(place, [FilterChainSchema, chain], ["name", "filter_chain_match", "filters", "metadata"]);
  const [filter, ...others] = chain.filters;
  const at = below(place, "filters", 0);
  if (others.length > 0)
    complain(below(place, "filters", 1), "must not exist: one network filter is supported");
  if (filter?.configType.case !== "typedConfig") {
    complain(at, "must have a typed_config");
    return { ...NO_CHAINS, place, ...readChainMatch(place, chain, []) };
  }
  const any = filter.configType.value;
  if (any.typeUrl === typeUrlOf(TcpProxySchema))
    return { http: undefined, tcp: readTcpProxy(at, any), place, ...readChainMatch(place, chain, []) };
  const manager = readAny(at, any, HttpConnectionManagerSchema);
  const http = manager && readConnectionManager(at, manager, random);
  return { http, tcp: undefined, place, ...readChainMatch(place, chain, HTTP1_PROTOCOLS) };
}

function readChainMatch(
  place: Place,
  { filterChainMatch: match }: FilterChain,
  protocols: readonly string[],
): Pick<OneChain, "port" | "isForHttpOnly"> {
  if (!match) return { port: 0, isForHttpOnly: false };
  const at = below(place, "filter_chain_match");
  refuseFieldsBut(
    at,
    [FilterChainMatchSchema, match],
    ["application_protocols", "transport_protocol", "destination_port"],
  );
  if (!["", "raw_buffer"].includes(match.transportProtocol))
    complain(below(at, "transport_protocol"), "must be raw_buffer");
  for (const protocol of match.applicationProtocols) {
    if (!protocols.includes(protocol))
      complain(
        below(at, "application_protocols"),
        `must not name ${JSON.stringify(protocol)} with this filter`,
      );
  }
  const { destinationPort: port = 0 } = match;
  if (port > MAX_PORT) complain(below(at, "destination_port"), `must not be more than ${MAX_PORT}`);
  return { port, isForHttpOnly: match.applicationProtocols.length > 0 };
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
