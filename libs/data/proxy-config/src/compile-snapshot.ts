import {
  type ChainSet,
  type Cluster,
  type HttpChain,
  type Listener,
  type ProxySnapshot,
  type VirtualHost,
  canonicalAddress,
} from "@bookmesh/proxy-core";
import {
  type ClusterSpec,
  type EndpointSpec,
  type RunningCluster,
  retireHosts,
  runCluster,
} from "@bookmesh/proxy-core/clusters";
import {
  type SecureChain,
  type ServerNames,
  type TlsTermination,
  indexServerNames,
} from "@bookmesh/proxy-core/tls";
import type { Random } from "@bookmesh/kernel";
import type { HttpChainSpec } from "./decode/connection-manager.ts";
import type { ChainsSpec } from "./decode/filter-chain.ts";
import type { TlsSpec } from "./decode/tls-context.ts";
import type { AssignmentSpec } from "./endpoint.ts";
import type { ListenerSpec } from "./listener.ts";
import { linkRoute } from "./link-route.ts";
import { compileRouteTable } from "./route-table.ts";
import type { RouteConfigSpec, VirtualHostSpec } from "./route.ts";
import type { SecretSpec } from "./secret.ts";

/** The accepted resources that a snapshot is made of, by name (endpoints by the name that clusters ask for). */
export interface AcceptedResources {
  readonly listeners: ReadonlyMap<string, ListenerSpec>;
  readonly routes: ReadonlyMap<string, RouteConfigSpec>;
  readonly clusters: ReadonlyMap<string, ClusterSpec>;
  readonly endpoints: ReadonlyMap<string, AssignmentSpec>;
  readonly secrets: ReadonlyMap<string, SecretSpec>;
}

/** A snapshot, with what the next one needs to keep hosts and turns. */
export interface CompiledSnapshot {
  readonly snapshot: ProxySnapshot;
  readonly running: ReadonlyMap<string, RunningCluster>;
}

/** Before the first resources come. */
export const EMPTY_SNAPSHOT: CompiledSnapshot = {
  snapshot: { listeners: [], clusters: new Map() },
  running: new Map(),
};

const NO_ENDPOINTS: readonly EndpointSpec[] = [];

/**
 * Links accepted resources into what the data path runs on: names become pointers, so that a request looks nothing up
 * but its virtual host. Listeners whose route configuration is missing are left out.
 */
export function compileSnapshot(
  accepted: AcceptedResources,
  previous: CompiledSnapshot,
  random: Random,
): CompiledSnapshot {
  const running = new Map<string, RunningCluster>();
  for (const spec of accepted.clusters.values()) {
    const endpoints = endpointsOf(spec, accepted);
    running.set(spec.name, runCluster({ spec, endpoints }, previous.running.get(spec.name), random));
  }
  for (const [name, cluster] of previous.running) {
    if (!running.has(name)) retireHosts(cluster);
  }
  const clusters = new Map([...running].map(([name, { cluster }]) => [name, cluster]));
  const listeners = [...accepted.listeners.values()].flatMap(
    (spec) => linkListener(spec, { accepted, clusters }) ?? [],
  );
  return { snapshot: { listeners, clusters }, running };
}

function endpointsOf({ source }: ClusterSpec, { endpoints }: AcceptedResources): readonly EndpointSpec[] {
  if (source.kind === "fixed") return source.endpoints;
  if (source.kind === "passthrough") return NO_ENDPOINTS;
  return endpoints.get(source.serviceName)?.endpoints ?? NO_ENDPOINTS;
}

interface World {
  readonly accepted: AcceptedResources;
  readonly clusters: ReadonlyMap<string, Cluster>;
}

function linkListener(spec: ListenerSpec, world: World): Listener | undefined {
  const { name, direction, inspection, hasSocket, redirection } = spec;
  const chains = linkChains(spec, world);
  const ofPorts = [...spec.chainsByPort].map(([port, one]) => [port, linkChains(one, world)] as const);
  const isIncomplete = [chains, ...ofPorts.map(([, one]) => one)].includes(undefined);
  const common = { name, direction, inspection, isForwardProxy: spec.http?.isForwardProxy ?? false };
  const secure = linkSecureChains(spec, common, world);
  const isEmpty = !chains?.http && !chains?.tcp && ofPorts.length === 0 && !secure;
  if (isIncomplete || isEmpty) return undefined;
  return {
    ...common,
    ...chains,
    ...(secure && { secure }),
    address: canonicalAddress(spec.address),
    port: spec.port,
    additionalAddresses: spec.additionalAddresses.map(({ address, port }) => ({
      address: canonicalAddress(address),
      port,
    })),
    hasSocket,
    redirection,
    chainsByPort: new Map(ofPorts.map(([port, one]) => [port, { ...common, ...one }])),
  };
}

/** A chain whose routes are missing is left out: its names are refused, and all others are served. */
function linkSecureChains(
  { secureChains }: ListenerSpec,
  common: Omit<ChainSet, "http" | "tcp" | "secure">,
  world: World,
): ServerNames | undefined {
  if (secureChains.length === 0) return undefined;
  const linked = secureChains.flatMap((spec) => {
    const chains = linkChains(spec, world);
    if (!chains) return [];
    const chain: SecureChain = { ...common, ...chains, ...(spec.tls && { tls: linkTls(spec.tls, world) }) };
    return [{ serverNames: spec.match.serverNames, chain }];
  });
  return indexServerNames(linked);
}

function linkTls({ settings, secretName }: TlsSpec, { accepted }: World): TlsTermination {
  return { settings, keyPair: accepted.secrets.get(secretName)?.keyPair };
}

/** A `tcp_proxy` to a cluster that does not exist is no chain; a missing route configuration is worth waiting for. */
function linkChains(spec: ChainsSpec, world: World): Pick<ChainSet, "http" | "tcp"> | undefined {
  const http = spec.http && linkHttpChain(spec.http, world);
  if (spec.http && !http) return undefined;
  const cluster = spec.tcp && world.clusters.get(spec.tcp.cluster);
  const tcp = spec.tcp && cluster && { statPrefix: spec.tcp.statPrefix, cluster };
  return { ...(http && { http }), ...(tcp && { tcp }) };
}

function linkHttpChain(spec: HttpChainSpec, { accepted, clusters }: World): HttpChain | undefined {
  const config = spec.routes.kind === "inline" ? spec.routes.config : accepted.routes.get(spec.routes.name);
  if (!config) return undefined;
  return {
    statPrefix: spec.statPrefix,
    routeConfigName: config.name,
    routes: compileRouteTable(config, (virtualHost) => linkVirtualHost(virtualHost, spec, clusters)),
    writesAccessLog: spec.writesAccessLog,
    usesRemoteAddress: spec.usesRemoteAddress,
  };
}

function linkVirtualHost(
  spec: VirtualHostSpec,
  chain: HttpChainSpec,
  clusters: World["clusters"],
): VirtualHost {
  const routes = spec.routes.map((route) => linkRoute(route, chain, clusters));
  return { name: spec.name, routes, catchAll: spec.routes[0]?.takesAll ? routes[0] : undefined };
}
