import { byIdentity, steadyList } from "@bookmesh/kernel";
import type { Namespace, Pod, Service } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import {
  compareAge,
  meshIndex,
  resolveHost,
  type MeshIndex,
  type MeshService,
  type MeshSnapshot,
} from "@bookmesh/translate";
import { namespaceOf } from "./namespace-of.ts";
import { podsByLabel } from "./pods-by-label.ts";

type Labels = Readonly<Record<string, string>>;

/** A world, ordered for the analyzers' questions; each order is made when somebody asks for it. */
export interface Surroundings {
  readonly snapshot: MeshSnapshot;
  readonly index: MeshIndex;
  /** VirtualServices by the full names of their hosts, the oldest first. */
  readonly rulesByHost: ReadonlyMap<string, readonly VirtualService[]>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly servicesByNamespace: ReadonlyMap<string, readonly Service[]>;
  /** The labels of the pods behind a service: those that it selects, ready or not, and those of its endpoints. */
  labelsBehind(service: MeshService): readonly Labels[];
}

/**
 * Orders a world: once, whoever asks. Worlds that differ in addresses of endpoints alone have the very same
 * surroundings, one after the other: nothing that analyzers find depends on those.
 */
export const surroundingsOf: (snapshot: MeshSnapshot) => Surroundings = byIdentity(surroundingsIn());

function surroundingsIn(): (snapshot: MeshSnapshot) => Surroundings {
  const keep = steadyList<unknown>();
  let known: { readonly parts: readonly unknown[]; readonly value: Surroundings } | undefined;
  return (snapshot) => {
    const index = meshIndex(snapshot);
    const parts = keep([
      ...Object.values({ ...snapshot, endpointSlices: undefined }),
      ...endpointLabels(index),
    ]);
    if (known?.parts !== parts) known = { parts, value: surroundings(index) };
    return known.value;
  };
}

/** The services, each before the labels of its endpoints. */
function endpointLabels({ services, endpoints }: MeshIndex): readonly object[] {
  return services.flatMap((service) => [
    service,
    ...service.ports.flatMap((port) => endpoints.endpointsOf(service, port).map(({ labels }) => labels)),
  ]);
}

function surroundings(index: MeshIndex): Surroundings {
  const { snapshot } = index;
  const rulesByHost = once(() => orderRules(snapshot.virtualServices));
  const namespaces = once(() => new Map(snapshot.namespaces.map((each) => [each.metadata.name, each])));
  const servicesByNamespace = once(() => Map.groupBy(snapshot.services, namespaceOf));
  const podsOf = once(() => podsByLabel(snapshot.pods.filter(isAlive)));
  const behind = new Map<MeshService, readonly Labels[]>();
  return {
    snapshot,
    index,
    get rulesByHost() {
      return rulesByHost();
    },
    get namespaces() {
      return namespaces();
    },
    get servicesByNamespace() {
      return servicesByNamespace();
    },
    labelsBehind(service) {
      const known = behind.get(service);
      if (known !== undefined) return known;
      const labels = [
        ...podsOf()(service.namespace, Object.fromEntries(service.selector)).map(
          ({ metadata }) => metadata.labels ?? {},
        ),
        ...service.ports.flatMap((port) =>
          index.endpoints.endpointsOf(service, port).map(({ labels: own }) => own),
        ),
      ];
      behind.set(service, labels);
      return labels;
    },
  };
}

function isAlive({ status }: Pod): boolean {
  return status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function orderRules(rules: readonly VirtualService[]): Surroundings["rulesByHost"] {
  const claims = [...rules].sort(compareAge).flatMap((rule) => {
    const hosts = [...new Set(rule.spec.hosts ?? [])];
    return hosts.map((host) => ({ rule, host: resolveHost(host, namespaceOf(rule)) }));
  });
  const groups = Map.groupBy(claims, ({ host }) => host);
  return new Map([...groups].map(([host, group]) => [host, group.map(({ rule }) => rule)]));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
