import { byIdentity, lastCall } from "@bookmesh/kernel";
import type { VirtualService } from "@bookmesh/mesh-api";
import { callNames, resolveHost } from "./host-name.ts";
import type { Encoders } from "./encoders.ts";
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

/** The virtual hosts of calls through the sidecar. */
export interface VirtualHosts {
  /** The ports that have any; `any` alone where callers name the port. */
  readonly ports: readonly CalledPort[];
  /** Where two hosts have a domain in common the first keeps it: Envoy takes a domain once. */
  of(port: CalledPort): readonly VirtualHostInputs[];
}

/**
 * Finds the virtual hosts that callers of one view need, in one snapshot after the other: one for each port of each
 * service, and one for each host that only a rule names. Those that did not change are the very same objects.
 */
export function virtualHosts(
  view: OutboundView,
  { sameVirtualHost }: Pick<Encoders, "sameVirtualHost">,
): (index: MeshIndex, visible: readonly MeshService[]) => VirtualHosts {
  const rulesIn = lastCall((rules: readonly VirtualService[]) => virtualServicesFor(rules, view.namespace));
  const ofService = byIdentity(
    (service: MeshService, serviceByHost: ServiceByHost, ...rules: readonly VirtualService[]) =>
      hostsOfService(service, rules, { view, reader: MESH_GATEWAY, serviceByHost }).map(
        ({ port, inputs }) => ({ port, inputs: sameVirtualHost.of(inputs) }),
      ),
  );
  const find = lastCall(
    (rules: VirtualServices, visible: readonly MeshService[], serviceByHost: ServiceByHost): VirtualHosts => {
      const ofServices = visible.flatMap((service) =>
        ofService(service, serviceByHost, ...rules.rulesFor(service.host)),
      );
      const ofRules = hostsOfRules(rules, { view, reader: MESH_GATEWAY, serviceByHost });
      const byPort = Map.groupBy([...ofServices, ...ofRules], ({ port }) =>
        isRedirected(view) ? port : "any",
      );
      return {
        ports: isRedirected(view) ? calledPorts(rules, visible, serviceByHost) : ["any"],
        of: (port) => withoutDuplicateDomains((byPort.get(port) ?? []).map(({ inputs }) => inputs)),
      };
    },
  );
  return ({ virtualServices, serviceByHost }, visible) =>
    find(rulesIn(virtualServices), visible, serviceByHost);
}

type ServiceByHost = MeshIndex["serviceByHost"];

/** Whether the port that is called says which virtual host is meant. */
function isRedirected({ wildcards }: OutboundView): boolean {
  return wildcards.length > 0;
}

interface HostOfPort {
  readonly port: number;
  readonly inputs: VirtualHostInputs;
}

function hostsOfService(
  service: MeshService,
  rules: readonly VirtualService[],
  context: Omit<RouteContext, "port">,
): readonly HostOfPort[] {
  const { view } = context;
  const names = [...callNames(service, view.namespace), ...service.addresses];
  return service.ports
    .filter(({ protocol }) => !isRedirected(view) || maySpeakHttp1(protocol))
    .map(({ number: port }) => {
      const routes = routesOfRules(rules, { ...context, port });
      const inputs = {
        name: `${service.host}:${port}`,
        domains: domainsOf(names, port, view),
        // Where no rule can hold for this caller and port, it might as well not be there.
        routes: routes.length > 0 ? routes : [defaultRoute(service.host, port)],
      };
      return { port, inputs };
    });
}

function hostsOfRules(rules: VirtualServices, context: Omit<RouteContext, "port">): readonly HostOfPort[] {
  const { view, serviceByHost } = context;
  return rules.hosts
    .filter((host) => !serviceByHost.has(host))
    .flatMap((host) =>
      portsOfHost(host, rules, serviceByHost).map((port) => {
        const routes = routesOfRules(rules.rulesFor(host), { ...context, port });
        return { port, inputs: { name: `${host}:${port}`, domains: domainsOf([host], port, view), routes } };
      }),
    )
    .filter(({ inputs }) => inputs.routes.length > 0);
}

/** The ports of all virtual hosts that calls can be for, where the port called says which. */
function calledPorts(
  rules: VirtualServices,
  visible: readonly MeshService[],
  serviceByHost: ServiceByHost,
): readonly number[] {
  const ofServices = visible
    .flatMap(({ ports }) => ports)
    .filter(({ number, protocol }) => maySpeakHttp1(protocol) && !isReservedPort(number))
    .map(({ number }) => number);
  const ofRules = rules.hosts.some((host) => !serviceByHost.has(host)) ? [HTTP_PORT] : [];
  return [...new Set([...ofServices, ...ofRules])].sort((one, other) => one - other);
}

/** The ports at which a host is called that is no service: HTTP's own, and those of services that its rules name too. */
function portsOfHost(host: string, rules: VirtualServices, serviceByHost: ServiceByHost): readonly number[] {
  const others = rules
    .rulesFor(host)
    .flatMap((rule) => (rule.spec.hosts ?? []).map((name) => resolveHost(name, namespaceOf(rule))));
  const ports = others
    .flatMap((name) => serviceByHost.get(name)?.ports ?? [])
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
function domainsOf(names: readonly string[], port: number, view: OutboundView): readonly string[] {
  return names.flatMap((name) => {
    const plain = bracketed(name);
    if (isRedirected(view)) return [plain];
    return port === HTTP_PORT ? [plain, `${plain}:${port}`] : [`${plain}:${port}`];
  });
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** Those of the first rule that has any for this caller and port. */
function routesOfRules(rules: readonly VirtualService[], context: RouteContext): readonly HttpRouteInputs[] {
  for (const rule of rules) {
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
    if (domains.length === host.domains.length) return [host];
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}
