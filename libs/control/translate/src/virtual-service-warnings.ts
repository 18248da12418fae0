import type { ConfigIssue } from "@bookmesh/kernel";
import type { Destination, HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { isServiceHost, resolveHost } from "./host-name.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { compareAge } from "./rule-order.ts";
import { namespaceOf } from "./virtual-service-choice.ts";

/** VirtualServices by the full names of their hosts, the oldest first. */
export type RulesByHost = ReadonlyMap<string, readonly VirtualService[]>;

/** Orders the VirtualServices of a world for `virtualServiceWarnings`. */
export function rulesByHost(rules: readonly VirtualService[]): RulesByHost {
  const claims = [...rules].sort(compareAge).flatMap((rule) => {
    const hosts = rule.spec.hosts ?? [];
    return hosts.map((host) => ({ rule, host: resolveHost(host, namespaceOf(rule)) }));
  });
  const groups = Map.groupBy(claims, ({ host }) => host);
  return new Map([...groups].map(([host, group]) => [host, group.map(({ rule }) => rule)]));
}

/** What a VirtualService names that is not there. */
export function virtualServiceWarnings(
  rule: VirtualService,
  index: MeshIndex,
  rules: RulesByHost,
): readonly ConfigIssue[] {
  const namespace = namespaceOf(rule);
  const { hosts = [], http = [] } = rule.spec;
  return [
    ...hosts.flatMap((host, at) =>
      hostWarnings(resolveHost(host, namespace), `spec.hosts[${at}]`, { rule, index, rules }),
    ),
    ...http.flatMap((route, at) =>
      destinationsOf(route, `spec.http[${at}]`).flatMap(({ destination, path }) =>
        destinationWarnings(destination, path, { namespace, index }),
      ),
    ),
  ];
}

interface HostContext {
  readonly rule: VirtualService;
  readonly index: MeshIndex;
  readonly rules: RulesByHost;
}

function hostWarnings(
  host: string,
  path: string,
  { rule, index, rules }: HostContext,
): readonly ConfigIssue[] {
  if (isServiceHost(host) && !index.serviceByHost.has(host))
    return [{ path, problem: `names ${host}, which is no service of the mesh` }];
  const older = rules.get(host)?.find((other) => !isSame(other, rule) && isOlder(other, rule));
  if (older === undefined) return [];
  const name = `${namespaceOf(older)}/${older.metadata.name}`;
  return [{ path, problem: `has no effect: the older VirtualService ${name} has the same host` }];
}

/** The oldest rule of a host wins. One that is not stored yet has no age: it will be the youngest. */
function isOlder(other: VirtualService, rule: VirtualService): boolean {
  return rule.metadata.creationTimestamp === undefined || compareAge(other, rule) < 0;
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
