import { messageOf, type Clock, type Random } from "@bookmesh/kernel";
import {
  RESOURCES,
  type ConfigMap,
  type EndpointSlice,
  type KubeObject,
  type Namespace,
  type Pod,
  type ResourceRef,
  type Service,
} from "@bookmesh/kube-api";
import { followResource, type FollowEvent, type KubeClient, type ListOptions } from "@bookmesh/kube-client";
import type { Logger } from "@bookmesh/node-host";
import { mapEvent, objectStore, type ObjectStore } from "./object-store.ts";
import { pruneObject, prunePod, pruneStatus } from "./prune.ts";
import { ruleStatuses, type RuleStatuses } from "./rule-statuses.ts";

/** What following needs besides the API. */
export interface FollowPorts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Everything that the mesh is made from, pruned to what is read of it. */
export interface MeshObjects {
  readonly namespaces: readonly Namespace[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly pods: readonly Pod[];
  readonly virtualServices: readonly KubeObject[];
  readonly destinationRules: readonly KubeObject[];
  readonly gateways: readonly KubeObject[];
  /** The mesh's own ConfigMaps: `istio` and `istio-sidecar-injector`. */
  readonly settings: readonly ConfigMap[];
}

/** The newest objects, and when all of them are there. */
export interface FollowedMesh {
  objects(): MeshObjects;
  readonly statuses: RuleStatuses;
  /** Resolves when every resource has been listed once. */
  readonly synced: Promise<void>;
}

/** Follows the mesh's resources; calls `onChange` after each change of something that is read. */
export function followMesh(ports: FollowPorts, systemNamespace: string, onChange: () => void): FollowedMesh {
  const synced: Promise<void>[] = [];
  const follow = <T extends KubeObject>(
    resource: ResourceRef,
    transform: (object: T) => T,
    where: ListOptions = {},
  ) => {
    const followed = followStore(ports, { resource, transform, onChange, where });
    synced.push(followed.synced);
    return followed.store;
  };
  const statuses = ruleStatuses();
  const followRules = (resource: ResourceRef) => {
    const rules = objectStore();
    const take = (event: FollowEvent<KubeObject>) => {
      statuses.take(resource, event);
      return rules.apply(mapEvent(event, pruneStatus));
    };
    synced.push(followInto(take, ports, { resource, transform: pruneObject, onChange, where: {} }));
    return rules;
  };
  const namespaces = follow<Namespace>(RESOURCES.namespaces, pruneObject);
  const services = follow<Service>(RESOURCES.services, pruneStatus);
  const endpointSlices = follow<EndpointSlice>(RESOURCES.endpointSlices, pruneObject);
  const pods = follow<Pod>(RESOURCES.pods, prunePod);
  const virtualServices = followRules(RESOURCES.virtualServices);
  const destinationRules = followRules(RESOURCES.destinationRules);
  const gateways = followRules(RESOURCES.gateways);
  const settings = follow<ConfigMap>(RESOURCES.configMaps, pruneObject, { namespace: systemNamespace });
  return {
    objects: () => ({
      namespaces: namespaces.list(),
      services: services.list(),
      endpointSlices: endpointSlices.list(),
      pods: pods.list(),
      virtualServices: virtualServices.list(),
      destinationRules: destinationRules.list(),
      gateways: gateways.list(),
      settings: settings.list(),
    }),
    statuses,
    synced: Promise.all(synced).then(() => undefined),
  };
}

/** What one store follows. */
export interface FollowSpec<T extends KubeObject> {
  readonly resource: ResourceRef;
  readonly transform: (object: T) => T;
  readonly where: ListOptions;
  readonly onChange: () => void;
}

/** Keeps a store up to date until the signal is aborted. `synced` resolves after the first list. */
export function followStore<T extends KubeObject>(
  ports: FollowPorts,
  spec: FollowSpec<T>,
): { readonly store: ObjectStore<T>; readonly synced: Promise<void> } {
  const store = objectStore<T>();
  return { store, synced: followInto((event) => store.apply(event), ports, spec) };
}

/** Gives each event to `take`, which says whether it changed anything; resolves after the first list. */
function followInto<T extends KubeObject>(
  take: (event: FollowEvent<T>) => boolean,
  { client, clock, random, log, signal }: FollowPorts,
  { resource, transform, where, onChange }: FollowSpec<T>,
): Promise<void> {
  return new Promise((resolve) => {
    void followResource<T>(client, resource, {
      ...where,
      signal,
      clock,
      random,
      transform,
      onEvent: (event) => {
        const changed = take(event);
        if (event.kind === "replaced") resolve();
        if (changed) onChange();
      },
      // A server that is away is told of once, not by every resource every few seconds.
      onProblem: (error, failuresBefore) =>
        log[failuresBefore === 0 ? "warn" : "debug"](
          { reason: messageOf(error), resource: resource.plural },
          "Following a resource failed; what is known of it stays, and it is tried again.",
        ),
    });
  });
}
