import type { Random } from "@bookmesh/kernel";
import {
  FilterChainMatchSchema,
  FilterChainSchema,
  HttpConnectionManagerSchema,
  TcpProxySchema,
  typeUrlOf,
  type FilterChain,
  type FilterChainMatch,
} from "@bookmesh/xds-api";
import { readConnectionManager, type HttpChainSpec } from "./connection-manager.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readDownstreamTls, type TlsSpec } from "./tls-context.ts";
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

/** One filter chain of a listener. */
export interface ChainSpec extends ChainsSpec {
  readonly place: Place;
  readonly match: ChainMatch;
  /** Absent: the bytes are taken as they are. */
  readonly tls: TlsSpec | undefined;
}

/** Which connections a chain is for. */
export interface ChainMatch {
  /** The destination port; 0: any. */
  readonly port: number;
  /** It leaves connections alone that do not begin with an HTTP/1 request. */
  readonly isForHttpOnly: boolean;
  /** It is for connections that begin with TLS. */
  readonly isForTls: boolean;
  /** Lower case, exact or `*.suffix`; empty: whatever name a client asks for. */
  readonly serverNames: readonly string[];
}

const ALL_CONNECTIONS: ChainMatch = { port: 0, isForHttpOnly: false, isForTls: false, serverNames: [] };

/** What `http_inspector` finds and this proxy takes for HTTP/1; of what TLS negotiates it is what this proxy serves. */
const HTTP1_PROTOCOLS: readonly string[] = ["http/1.0", "http/1.1"];

/** Reads one filter chain. */
export function readChain(place: Place, chain: FilterChain, random: Random): ChainSpec {
  refuseFieldsBut(
    place,
    [FilterChainSchema, chain],
    ["name", "filter_chain_match", "filters", "metadata", "transport_socket"],
  );
  const { transportSocket: socket } = chain;
  const tls = socket && readDownstreamTls(below(place, "transport_socket"), socket);
  const chains = readFilters(place, chain, random);
  const match = readMatch(place, chain, chains.http ? HTTP1_PROTOCOLS : []);
  return {
    ...chains,
    place,
    match: socket ? { ...match, isForTls: true } : match,
    tls: tls && chains.http ? offeringHttp1(tls) : tls,
  };
}

/** What a configuration offers beside HTTP/1 this proxy does not speak, so no client hears of it. */
function offeringHttp1({ secretName, settings }: TlsSpec): TlsSpec {
  const applicationProtocols = settings.applicationProtocols.filter((name) => HTTP1_PROTOCOLS.includes(name));
  return { secretName, settings: { ...settings, applicationProtocols } };
}

function readFilters(
  place: Place,
  { filters: [filter, ...others] }: FilterChain,
  random: Random,
): ChainsSpec {
  const at = below(place, "filters", 0);
  if (others.length > 0)
    complain(below(place, "filters", 1), "must not exist: one network filter is supported");
  if (filter?.configType.case !== "typedConfig") {
    complain(at, "must have a typed_config");
    return { http: undefined, tcp: undefined };
  }
  const any = filter.configType.value;
  if (any.typeUrl === typeUrlOf(TcpProxySchema)) return { http: undefined, tcp: readTcpProxy(at, any) };
  const manager = readAny(at, any, HttpConnectionManagerSchema);
  return { http: manager && readConnectionManager(at, manager, random), tcp: undefined };
}

function readMatch(
  place: Place,
  { filterChainMatch: match }: FilterChain,
  protocols: readonly string[],
): ChainMatch {
  if (!match) return ALL_CONNECTIONS;
  const at = below(place, "filter_chain_match");
  refuseFieldsBut(
    at,
    [FilterChainMatchSchema, match],
    ["application_protocols", "transport_protocol", "destination_port", "server_names"],
  );
  for (const protocol of match.applicationProtocols) {
    if (!protocols.includes(protocol))
      complain(
        below(at, "application_protocols"),
        `must not name ${JSON.stringify(protocol)} with this filter`,
      );
  }
  const { destinationPort: port = 0 } = match;
  if (port > MAX_PORT) complain(below(at, "destination_port"), `must not be more than ${MAX_PORT}`);
  return {
    port,
    isForHttpOnly: match.applicationProtocols.length > 0,
    isForTls: readTransport(at, match),
    serverNames: match.serverNames.map((name, index) =>
      readServerName(below(at, "server_names", index), name),
    ),
  };
}

function readTransport(place: Place, { transportProtocol, serverNames }: FilterChainMatch): boolean {
  if (!["", "raw_buffer", "tls"].includes(transportProtocol))
    complain(below(place, "transport_protocol"), "must be raw_buffer or tls");
  if (transportProtocol === "raw_buffer" && serverNames.length > 0)
    complain(below(place, "server_names"), "must be empty: without TLS there are none");
  return transportProtocol === "tls" || serverNames.length > 0;
}

function readServerName(place: Place, name: string): string {
  if (!/^(\*\.)?[^*]+$/.test(name)) complain(place, "must be a name or *.suffix");
  return name.toLowerCase();
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
