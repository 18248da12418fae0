import type { Random } from "@bookmesh/kernel";
import type { Listener as ListenerProto } from "@bookmesh/xds-api";
import { readChain, type ChainSpec, type ChainsSpec } from "./filter-chain.ts";
import { below, complain, type Place } from "./place.ts";

/** A listener's chains: those for connections to certain ports, those for connections with TLS, and all others. */
export interface ChainTableSpec extends ChainsSpec {
  readonly chainsByPort: ReadonlyMap<number, ChainsSpec>;
  readonly secureChains: readonly ChainSpec[];
}

const NO_CHAINS: ChainsSpec = { http: undefined, tcp: undefined };

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
  if (fallback?.match.isForTls)
    complain(
      fallback.place,
      "must not be for TLS: a chain among filter_chains without server_names is for all names",
    );
  const [secureChains, plain] = [true, false].map((isForTls) =>
    chains.filter(({ match }) => match.isForTls === isForTls),
  );
  refuseTwinNames(secureChains ?? []);
  return { ...plainTable(plain ?? [], fallback), secureChains: secureChains ?? [] };
}

function plainTable(chains: readonly ChainSpec[], fallback: ChainSpec | undefined) {
  const byPort = Map.groupBy(chains, ({ match }) => match.port);
  const { http, tcp } = joinChains(byPort.get(0) ?? [], fallback);
  byPort.delete(0);
  const chainsByPort = new Map([...byPort].map(([port, group]) => [port, joinChains(group, fallback)]));
  return { http, tcp, chainsByPort };
}

function joinChains(chains: readonly ChainSpec[], fallback: ChainSpec | undefined): ChainsSpec {
  if (chains.length === 0) return fallback ?? NO_CHAINS;
  let found = NO_CHAINS;
  let leavesOthers = false;
  for (const { place, http, tcp, match } of chains) {
    if ((http && found.http) ?? (tcp && found.tcp))
      complain(place, "is a second chain of its kind; there may be one for HTTP and one for all else");
    found = { http: http ?? found.http, tcp: tcp ?? found.tcp };
    leavesOthers ||= match.isForHttpOnly;
  }
  return leavesOthers && !found.tcp ? { ...found, tcp: fallback?.tcp } : found;
}

/** A name belongs to one chain, or which one is meant would depend on their order. */
function refuseTwinNames(chains: readonly ChainSpec[]): void {
  const seen = new Set<string>();
  for (const { place, match } of chains) {
    if (match.port !== 0)
      complain(below(place, "filter_chain_match.destination_port"), "must be absent from a chain for TLS");
    for (const name of match.serverNames.length === 0 ? ["*"] : match.serverNames) {
      if (seen.has(name)) complain(place, `is the second chain for the server name ${JSON.stringify(name)}`);
      seen.add(name);
    }
  }
}
