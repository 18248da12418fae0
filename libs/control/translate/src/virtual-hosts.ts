import { callNames } from "./host-name.ts";
import type { HttpRouteInputs } from "./http-route.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { MESH_GATEWAY } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import type { Protocol } from "./protocol.ts";
import { isReservedPort } from "./reserved-ports.ts";
import { defaultRoute, rulesOf, type RouteContext } from "./route-inputs.ts";
import type { VirtualHostInputs } from "./route.ts";
import { virtualServicesFor, type VirtualServices } from "./virtual-service-choice.ts";

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
  const isCalled = (port: number) => called === "any" || called === port;
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
  const ofRules = (isCalled(HTTP_PORT) ? rules.hosts : [])
    .filter((host) => !index.serviceByHost.has(host))
    .map((host) => ({
      name: `${host}:${HTTP_PORT}`,
      domains: domainsOf([host], HTTP_PORT, called),
      routes: routesOf(host, rules, { ...context, port: HTTP_PORT }),
    }));
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

function maySpeakHttp1(protocol: Protocol): boolean {
  return protocol === "http" || protocol === "auto";
}

/** Each name with the port; also without, where the port is the scheme's own or the one that was called. */
function domainsOf(names: readonly string[], port: number, called: CalledPort): readonly string[] {
  return names.flatMap((name) => {
    const withPort = `${bracketed(name)}:${port}`;
    return port === HTTP_PORT || called !== "any" ? [bracketed(name), withPort] : [withPort];
  });
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** Those of the rule; where none of them can hold for this caller and port, the rule might as well not be there. */
function routesOf(host: string, rules: VirtualServices, context: RouteContext): readonly HttpRouteInputs[] {
  const rule = rules.ruleFor(host);
  const routes = rule === undefined ? [] : rulesOf(rule, context);
  return routes.length > 0 ? routes : [defaultRoute(host, context.port)];
}

function withoutDuplicateDomains(hosts: readonly VirtualHostInputs[]): readonly VirtualHostInputs[] {
  const taken = new Set<string>();
  return hosts.flatMap((host) => {
    const domains = host.domains.filter((domain) => !taken.has(domain));
    for (const domain of domains) taken.add(domain);
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}
