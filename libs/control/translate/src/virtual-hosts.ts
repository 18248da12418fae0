import { callNames } from "./host-name.ts";
import type { HttpRouteInputs } from "./http-route.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshPort, MeshService } from "./mesh-service.ts";
import type { OutboundView } from "./outbound-view.ts";
import { defaultRoute, rulesOf, type RouteContext } from "./route-inputs.ts";
import type { VirtualHostInputs } from "./route.ts";
import { virtualServicesFor, type VirtualServices } from "./virtual-service-choice.ts";

/** The port that a name without a port means. */
const HTTP_PORT = 80;

/**
 * The virtual hosts of calls through the sidecar as an HTTP proxy: one for each port of each service, and one for each
 * host that only a rule names. Where two hosts have a domain in common the first keeps it: Envoy takes a domain once.
 */
export function virtualHosts(
  index: MeshIndex,
  view: OutboundView,
  visible: readonly MeshService[],
): readonly VirtualHostInputs[] {
  const rules = virtualServicesFor(index.snapshot.virtualServices, view.namespace);
  const context = { view, serviceByHost: index.serviceByHost };
  const ofServices = visible.flatMap((service) =>
    service.ports.map((port) => ({
      name: `${service.host}:${port.number}`,
      domains: serviceDomains(service, port, view),
      routes: routesOf(service.host, rules, { ...context, port: port.number }),
    })),
  );
  const ofRules = rules.hosts
    .filter((host) => !index.serviceByHost.has(host))
    .map((host) => ({
      name: `${host}:${HTTP_PORT}`,
      domains: domainsOf([host], HTTP_PORT),
      routes: routesOf(host, rules, { ...context, port: HTTP_PORT }),
    }));
  return withoutDuplicateDomains([...ofServices, ...ofRules]);
}

function serviceDomains(service: MeshService, port: MeshPort, view: OutboundView): readonly string[] {
  return domainsOf([...callNames(service, view.namespace), ...service.addresses], port.number);
}

/** Each name with the port; where the port is the scheme's own, also without. */
function domainsOf(names: readonly string[], port: number): readonly string[] {
  return names.flatMap((name) => {
    const withPort = `${bracketed(name)}:${port}`;
    return port === HTTP_PORT ? [bracketed(name), withPort] : [withPort];
  });
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

function routesOf(host: string, rules: VirtualServices, context: RouteContext): readonly HttpRouteInputs[] {
  const rule = rules.ruleFor(host);
  const routes = rule === undefined || rule.spec.http === undefined ? undefined : rulesOf(rule, context);
  return routes ?? [defaultRoute(host, context.port)];
}

function withoutDuplicateDomains(hosts: readonly VirtualHostInputs[]): readonly VirtualHostInputs[] {
  const taken = new Set<string>();
  return hosts.flatMap((host) => {
    const domains = host.domains.filter((domain) => !taken.has(domain));
    for (const domain of domains) taken.add(domain);
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}
