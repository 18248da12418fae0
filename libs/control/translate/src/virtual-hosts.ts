import { callNames, resolveHost } from "./host-name.ts";
import type { HttpRouteInputs } from "./http-route.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { MESH_GATEWAY } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import type { Protocol } from "./protocol.ts";
import { isReservedPort } from "./reserved-ports.ts";
import { defaultRoute, rulesOf, type RouteContext } from "./route-inputs.ts";
import type { VirtualHostInputs } from "./route.ts";
import { namespaceOf, virtualServicesFor, type VirtualServices } from "./virtual-service-choice.ts";

/** The port that a name without a port means. */
const HTTP_PORT = 80;

/** Which virtual hosts: those of every port, where callers name the port, or those of one that they call. */
export type CalledPort = number | "any";

/**
 * The virtual hosts of calls through the sidecar: one for each port of each service, and one for each host that only a
 * rule names. Where two hosts have a domain in common the first keeps it: Envoy takes a domain once.
 */
export function virtualHosts(
  index: MeshIndex,
  view: OutboundView,
  { visible, called }: { readonly visible: readonly MeshService[]; readonly called: CalledPort },
): readonly VirtualHostInputs[] {
  const rules = virtualServicesFor(index.virtualServices, view.namespace);
  const context = { view, reader: MESH_GATEWAY, serviceByHost: index.serviceByHost };
  const ofServices = visible.flatMap((service) =>
    service.ports
      .filter(({ number, protocol }) => called === "any" || (called === number && maySpeakHttp1(protocol)))
      .map((port) => ({
        name: `${service.host}:${port.number}`,
        domains: domainsOf(
          [...callNames(service, view.namespace), ...service.addresses],
          port.number,
          called,
        ),
        routes: routesOf(service.host, rules, { ...context, port: port.number }),
      })),
  );
  const ofRules = rules.hosts
    .filter((host) => !index.serviceByHost.has(host))
    .flatMap((host) =>
      portsOfHost(host, rules, index)
        .filter((port) => called === "any" || called === port)
        .map((port) => ({
          name: `${host}:${port}`,
          domains: domainsOf([host], port, called),
          routes: rulesOfHost(host, rules, { ...context, port }),
        })),
    )
    .filter(({ routes }) => routes.length > 0);
  return withoutDuplicateDomains([...ofServices, ...ofRules]);
}

/** The ports of all virtual hosts that calls can be for, where the port called says which. */
export function calledPorts(
  index: MeshIndex,
  view: OutboundView,
  visible: readonly MeshService[],
): readonly number[] {
  const rules = virtualServicesFor(index.virtualServices, view.namespace);
  const ofServices = visible
    .flatMap(({ ports }) => ports)
    .filter(({ number, protocol }) => maySpeakHttp1(protocol) && !isReservedPort(number))
    .map(({ number }) => number);
  const ofRules = rules.hosts.some((host) => !index.serviceByHost.has(host)) ? [HTTP_PORT] : [];
  return [...new Set([...ofServices, ...ofRules])].sort((one, other) => one - other);
}

/** The ports at which a host is called that is no service: HTTP's own, and those of services that its rules name too. */
function portsOfHost(host: string, rules: VirtualServices, index: MeshIndex): readonly number[] {
  const others = rules
    .rulesFor(host)
    .flatMap((rule) => (rule.spec.hosts ?? []).map((name) => resolveHost(name, namespaceOf(rule))));
  const ports = others
    .flatMap((name) => index.serviceByHost.get(name)?.ports ?? [])
    .filter(({ protocol }) => maySpeakHttp1(protocol))
    .map(({ number }) => number);
  return [...new Set([HTTP_PORT, ...ports])];
}

function maySpeakHttp1(protocol: Protocol): boolean {
  return protocol === "http" || protocol === "auto";
}

/**
 * Where callers name the port, each name with it, and also without where it is the scheme's own. Else the port is the
 * one that was called, and what a caller writes behind a name does not count.
 */
function domainsOf(names: readonly string[], port: number, called: CalledPort): readonly string[] {
  return names.flatMap((name) => {
    const plain = bracketed(name);
    if (called !== "any") return [plain];
    return port === HTTP_PORT ? [plain, `${plain}:${port}`] : [`${plain}:${port}`];
  });
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** Those of the rule; where none of them can hold for this caller and port, the rule might as well not be there. */
function routesOf(host: string, rules: VirtualServices, context: RouteContext): readonly HttpRouteInputs[] {
  const routes = rulesOfHost(host, rules, context);
  return routes.length > 0 ? routes : [defaultRoute(host, context.port)];
}

function rulesOfHost(
  host: string,
  rules: VirtualServices,
  context: RouteContext,
): readonly HttpRouteInputs[] {
  for (const rule of rules.rulesFor(host)) {
    const routes = rulesOf(rule, context);
    if (routes.length > 0) return routes;
  }
  return [];
}

function withoutDuplicateDomains(hosts: readonly VirtualHostInputs[]): readonly VirtualHostInputs[] {
  const taken = new Set<string>();
  return hosts.flatMap((host) => {
    const domains = host.domains.filter((domain) => !taken.has(domain));
    for (const domain of domains) taken.add(domain);
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}
