import { byIdentity, lastCall } from "@bookmesh/kernel";
import type { Pod, Service } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import { withDelegates } from "./delegates.ts";
import { destinationPolicies, type DestinationPolicies } from "./destination-policies.ts";
import { meshService, type MeshService } from "./mesh-service.ts";
import type { MeshSnapshot } from "./mesh-snapshot.ts";
import { compareAge } from "./rule-order.ts";
import { endpointIndexer, type ServiceEndpoints } from "./service-endpoints.ts";

/**
 * A snapshot, ordered for look-ups. What did not change since the snapshot before is
 * the very same object, down to the endpoints of each service.
 */
export interface MeshIndex {
  readonly snapshot: MeshSnapshot;
  /** The oldest first: where two claim the same name, it wins. */
  readonly services: readonly MeshService[];
  readonly serviceByHost: ReadonlyMap<string, MeshService>;
  readonly servicesByNamespace: ReadonlyMap<string, readonly MeshService[]>;
  readonly endpoints: ServiceEndpoints;
  readonly podByIp: ReadonlyMap<string, Pod>;
  readonly policies: DestinationPolicies;
  /** The oldest first; delegates stand in the place of the routes that name them. */
  readonly virtualServices: readonly VirtualService[];
  /** The labels of callers that some rule asks about: callers that agree in these have one outbound view. */
  readonly askedLabels: readonly string[];
}

/**
 * Orders a snapshot for look-ups: once, whoever asks. Of one snapshot after the other, only what changed in between.
 */
export const meshIndex: (snapshot: MeshSnapshot) => MeshIndex = byIdentity(meshIndexer());

function meshIndexer(): (snapshot: MeshSnapshot) => MeshIndex {
  const read = byIdentity(meshService);
  const services = lastCall((objects: readonly Service[]) => orderServices(objects, read));
  const endpoints = endpointIndexer();
  const byIp = lastCall(podsByIp);
  const policies = destinationPolicies();
  const rules = lastCall(orderRules);
  return (snapshot) => ({
    snapshot,
    ...services(snapshot.services),
    endpoints: endpoints(snapshot.endpointSlices, snapshot.pods),
    podByIp: byIp(snapshot.pods),
    policies: policies(snapshot.destinationRules, snapshot.meshConfig.rootNamespace),
    ...rules(snapshot.virtualServices),
  });
}

function orderServices(
  objects: readonly Service[],
  read: typeof meshService,
): Pick<MeshIndex, "services" | "serviceByHost" | "servicesByNamespace"> {
  const services = [...objects]
    .sort(compareAge)
    .map((object) => read(object))
    .filter((service) => service !== undefined);
  return {
    services,
    serviceByHost: new Map(services.map((service) => [service.host, service])),
    servicesByNamespace: Map.groupBy(services, ({ namespace }) => namespace),
  };
}

function orderRules(objects: readonly VirtualService[]): Pick<MeshIndex, "virtualServices" | "askedLabels"> {
  const virtualServices = withDelegates([...objects].sort(compareAge));
  return { virtualServices, askedLabels: askedLabels(virtualServices) };
}

function askedLabels(virtualServices: readonly VirtualService[]): readonly string[] {
  const keys = virtualServices
    .flatMap(({ spec }) => spec.http ?? [])
    .flatMap(({ match }) => match ?? [])
    .flatMap(({ sourceLabels }) => Object.keys(sourceLabels ?? {}));
  return [...new Set(keys)].sort();
}

/** Pods that have ended keep their IP in their status although another may have it by now. */
function podsByIp(pods: readonly Pod[]): ReadonlyMap<string, Pod> {
  const live = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  return new Map(live.flatMap((pod) => (pod.status?.podIP === undefined ? [] : [[pod.status.podIP, pod]])));
}
