import type { ConfigIssue } from "@bookmesh/kernel";
import type { Destination, HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { isServiceHost, resolveHost } from "./host-name.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { compareAge } from "./rule-order.ts";
import { namespaceOf } from "./virtual-service-choice.ts";

/** What a VirtualService names that is not there. */
export function virtualServiceWarnings(rule: VirtualService, index: MeshIndex): readonly ConfigIssue[] {
  const namespace = namespaceOf(rule);
  const { hosts = [], http = [] } = rule.spec;
  return [
    ...hosts.flatMap((host, at) => hostWarnings(host, `spec.hosts[${at}]`, { rule, index })),
    ...http.flatMap((route, at) =>
      destinationsOf(route, `spec.http[${at}]`).flatMap(({ destination, path }) =>
        destinationWarnings(destination, path, { namespace, index }),
      ),
    ),
  ];
}

function hostWarnings(
  host: string,
  path: string,
  { rule, index }: { readonly rule: VirtualService; readonly index: MeshIndex },
): readonly ConfigIssue[] {
  const fullHost = resolveHost(host, namespaceOf(rule));
  if (isServiceHost(fullHost) && !index.serviceByHost.has(fullHost))
    return [{ path, problem: `names ${fullHost}, which is no service of the mesh` }];
  const older = olderRuleOf(fullHost, rule, index);
  if (older === undefined) return [];
  const name = `${namespaceOf(older)}/${older.metadata.name}`;
  return [{ path, problem: `has no effect: the older VirtualService ${name} has the same host` }];
}

/** The oldest rule of a host wins, so a younger one does nothing where both are seen. */
function olderRuleOf(
  host: string,
  rule: VirtualService,
  { snapshot }: MeshIndex,
): VirtualService | undefined {
  const others = snapshot.virtualServices.filter((other) => !isSame(other, rule));
  // A rule that is not stored yet has no age: it will be the youngest.
  const isOlder = (other: VirtualService) =>
    rule.metadata.creationTimestamp === undefined || compareAge(other, rule) < 0;
  return others
    .filter(isOlder)
    .find((other) => (other.spec.hosts ?? []).some((name) => resolveHost(name, namespaceOf(other)) === host));
}

function isSame(one: VirtualService, other: VirtualService): boolean {
  return one.metadata.name === other.metadata.name && namespaceOf(one) === namespaceOf(other);
}

interface PlacedDestination {
  readonly destination: Destination;
  readonly path: string;
}

function destinationsOf(
  { route = [], mirror, mirrors = [] }: HttpRoute,
  at: string,
): readonly PlacedDestination[] {
  return [
    ...route.map(({ destination }, index) => ({ destination, path: `${at}.route[${index}].destination` })),
    ...(mirror === undefined ? [] : [{ destination: mirror, path: `${at}.mirror` }]),
    ...mirrors.map(({ destination }, index) => ({
      destination,
      path: `${at}.mirrors[${index}].destination`,
    })),
  ];
}

function destinationWarnings(
  { host, subset, port }: Destination,
  path: string,
  { namespace, index }: { readonly namespace: string; readonly index: MeshIndex },
): readonly ConfigIssue[] {
  const fullHost = resolveHost(host, namespace);
  const service = index.serviceByHost.get(fullHost);
  if (service === undefined)
    return [
      { path: `${path}.host`, problem: `names ${fullHost}, which is no service of the mesh: calls get 503` },
    ];
  const { subsets } = index.policies.policyFor(service, namespace);
  const number = port?.number;
  return [
    ...(number === undefined || service.ports.some((known) => known.number === number)
      ? []
      : [{ path: `${path}.port.number`, problem: `${number} is no port of ${fullHost}: calls get 503` }]),
    ...(subset === undefined || subsets.some(({ name }) => name === subset)
      ? []
      : [
          {
            path: `${path}.subset`,
            problem: `"${subset}" is in no DestinationRule of ${fullHost}: calls get 503`,
          },
        ]),
  ];
}
