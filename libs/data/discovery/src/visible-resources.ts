import type { ClusterSpec } from "@bookmesh/proxy-core/clusters";
import {
  type AcceptedResources,
  type ListenerSpec,
  type RouteConfigSpec,
  routeNamesOf,
  secretNamesOf,
} from "@bookmesh/proxy-config";
import type { DiscoveryState } from "./discovery-state.ts";
import type { AcceptedResource } from "./resource-set.ts";

/** Names of what is accepted and still waits for what it needs. Source: Envoy, "cluster warming", "listener warming". */
export interface Warming {
  readonly clusters: ReadonlySet<string>;
  readonly listeners: ReadonlySet<string>;
}

/** What waits for its endpoints, its routes or its certificates. */
export function warmingOf(state: DiscoveryState): Warming {
  const clusters = [...state.cluster.accepted].filter(
    ([, { spec }]) =>
      spec.source.kind === "discovered" && !state.endpoint.accepted.has(spec.source.serviceName),
  );
  const listeners = [...state.listener.accepted].filter(
    ([, { spec }]) => isMissingRoutes(spec, state) || isMissingSecrets(spec, state),
  );
  return {
    clusters: new Set(clusters.map(([name]) => name)),
    listeners: new Set(listeners.map(([name]) => name)),
  };
}

/**
 * The resources that requests may see. Until everything of the first answers is there: none (`undefined`). Later a
 * cluster or listener that still waits leaves its predecessor in place, and so does a route configuration that leads to
 * such a cluster: what works is not taken down for what is not ready.
 */
export function visibleResources(
  state: DiscoveryState,
  shown: AcceptedResources | undefined,
): AcceptedResources | undefined {
  const warming = warmingOf(state);
  if (!shown && !isFirstSightComplete(state, warming)) return undefined;
  const held: Held = { warming, shown };
  const clusters = visibleClusters(state, held);
  return {
    clusters,
    endpoints: visibleEndpoints(state, clusters, shown),
    routes: visibleRoutes(state, held),
    listeners: visibleListeners(state, held),
    secrets: mapSpecs(state.secret.accepted, (_, { spec }) => spec),
  };
}

interface Held {
  readonly warming: Warming;
  readonly shown: AcceptedResources | undefined;
}

function isFirstSightComplete(state: DiscoveryState, warming: Warming): boolean {
  if (!state.cluster.isAnswered || !state.listener.isAnswered) return false;
  return warming.clusters.size === 0 && warming.listeners.size === 0;
}

function visibleClusters({ cluster }: DiscoveryState, held: Held): ReadonlyMap<string, ClusterSpec> {
  return mapSpecs(cluster.accepted, (name, { spec }) =>
    held.warming.clusters.has(name) ? held.shown?.clusters.get(name) : spec,
  );
}

function visibleEndpoints(
  { endpoint }: DiscoveryState,
  clusters: ReadonlyMap<string, ClusterSpec>,
  shown: AcceptedResources | undefined,
): AcceptedResources["endpoints"] {
  const entries = [...clusters.values()].flatMap(({ source }) => {
    if (source.kind !== "discovered") return [];
    const { serviceName } = source;
    const spec = endpoint.accepted.get(serviceName)?.spec ?? shown?.endpoints.get(serviceName);
    return spec ? [[serviceName, spec] as const] : [];
  });
  return new Map(entries);
}

function visibleRoutes({ route }: DiscoveryState, held: Held): ReadonlyMap<string, RouteConfigSpec> {
  return mapSpecs(route.accepted, (name, { spec }) => {
    const leadsNowhereYet = targetsOf(spec).some((cluster) => isNewAndWarming(cluster, held));
    return leadsNowhereYet ? (held.shown?.routes.get(name) ?? spec) : spec;
  });
}

function isNewAndWarming(cluster: string, { warming, shown }: Held): boolean {
  return warming.clusters.has(cluster) && !shown?.clusters.has(cluster);
}

function targetsOf({ virtualHosts }: RouteConfigSpec): readonly string[] {
  return virtualHosts.flatMap(({ routes }) =>
    routes.flatMap(({ action }) =>
      action.kind === "forward" ? action.targets.map(({ cluster }) => cluster) : [],
    ),
  );
}

function visibleListeners(
  { listener }: DiscoveryState,
  { shown, warming }: Held,
): ReadonlyMap<string, ListenerSpec> {
  return mapSpecs(listener.accepted, (name, { spec }) =>
    warming.listeners.has(name) ? shown?.listeners.get(name) : spec,
  );
}

function isMissingRoutes(spec: ListenerSpec, { route }: DiscoveryState): boolean {
  return routeNamesOf(spec).some((name) => !route.accepted.has(name));
}

/** A certificate that is not there after the control plane has answered is missing: that is no reason to wait. */
function isMissingSecrets(spec: ListenerSpec, { secret }: DiscoveryState): boolean {
  return !secret.isAnswered && secretNamesOf(spec).some((name) => !secret.accepted.has(name));
}

function mapSpecs<Spec>(
  accepted: ReadonlyMap<string, AcceptedResource<Spec>>,
  choose: (name: string, resource: AcceptedResource<Spec>) => Spec | undefined,
): ReadonlyMap<string, Spec> {
  const entries = [...accepted].flatMap(([name, resource]) => {
    const spec = choose(name, resource);
    return spec ? [[name, spec] as const] : [];
  });
  return new Map(entries);
}
