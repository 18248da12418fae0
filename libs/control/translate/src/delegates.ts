import type { Destination, HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { mergeMatches } from "./delegate-match.ts";
import { resolveHost } from "./host-name.ts";
import { isExported } from "./mesh-service.ts";
import { namespaceOf } from "./virtual-service-choice.ts";

/**
 * The rules with their delegates in the place of the routes that name them. A VirtualService without hosts is a delegate
 * and nothing else; one that is not there, or is not exported to the namespace of the rule, takes its route with it. A
 * delegate does not delegate further, so there are no cycles.
 *
 * Source: Istio API, `Delegate`, and istiod's `mergeVirtualServices`.
 */
export function withDelegates(rules: readonly VirtualService[]): readonly VirtualService[] {
  const isDelegate = ({ spec }: VirtualService) => (spec.hosts ?? []).length === 0;
  const delegates = new Map(rules.filter(isDelegate).map((rule) => [keyOf(rule), rule]));
  return rules.filter((rule) => !isDelegate(rule)).map((rule) => merged(rule, delegates));
}

function keyOf(rule: VirtualService): string {
  return `${namespaceOf(rule)}/${rule.metadata.name}`;
}

/** The same object where it delegates nothing: what did not change is not translated again. */
function merged(rule: VirtualService, delegates: ReadonlyMap<string, VirtualService>): VirtualService {
  const http = rule.spec.http ?? [];
  if (http.every(({ delegate }) => delegate === undefined)) return rule;
  return { ...rule, spec: { ...rule.spec, http: http.flatMap((route) => routesOf(route, rule, delegates)) } };
}

function routesOf(
  route: HttpRoute,
  rule: VirtualService,
  delegates: ReadonlyMap<string, VirtualService>,
): readonly HttpRoute[] {
  const { delegate: place, ...rest } = route;
  if (place === undefined) return [route];
  const { name = "", namespace = namespaceOf(rule) } = place;
  const delegate = delegates.get(`${namespace}/${name}`);
  if (delegate === undefined || !isExported(delegate.spec.exportTo, namespace, namespaceOf(rule))) return [];
  return (delegate.spec.http ?? []).flatMap((own) => mergeRoute(rest, inFull(own, namespace)));
}

/** What the delegate leaves unsaid is said by the route; a delegate's conditions must lie within the route's. */
function mergeRoute(route: HttpRoute, own: HttpRoute): readonly HttpRoute[] {
  const match = mergeMatches(route.match, own.match);
  if (match === undefined) return [];
  const name = [route.name, own.name].filter((part) => part !== undefined && part !== "").join("-");
  return [{ ...route, ...own, match, ...(name !== "" && { name }) }];
}

/** Short names mean services of the delegate's namespace, wherever its routes end up. */
function inFull(route: HttpRoute, namespace: string): HttpRoute {
  const full = (destination: Destination): Destination => ({
    ...destination,
    host: resolveHost(destination.host, namespace),
  });
  const placed = <T extends { readonly destination: Destination }>(one: T): T => ({
    ...one,
    destination: full(one.destination),
  });
  return {
    ...route,
    ...(route.route && { route: route.route.map(placed) }),
    ...(route.mirror && { mirror: full(route.mirror) }),
    ...(route.mirrors && { mirrors: route.mirrors.map(placed) }),
  };
}
