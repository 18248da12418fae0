import { RESOURCES } from "@bookmesh/kube-api";
import type { Destination, VirtualService } from "@bookmesh/mesh-api";
import { isServiceHost, resolveHost, type MeshService } from "@bookmesh/translate";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import type { Surroundings } from "../world/surroundings.ts";
import { destinationsOf } from "./destinations.ts";

/** The port of hosts that no service has. */
const HTTP_PORT = 80;

/** Finds hosts and ports of VirtualServices that are no service's. */
export const destinationHosts = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.DestinationHostAnalyzer",
  description: "Checks that the hosts and ports which a VirtualService names are those of services.",
  codes: ["IST0101", "IST0112"],
  examine: (rule, world) => [
    ...unknownHosts(rule, world),
    ...destinationsOf(rule).flatMap(({ destination, path }) =>
      examineDestination(destination, path, { rule, world }),
    ),
  ],
});

interface Context {
  readonly rule: VirtualService;
  readonly world: Surroundings;
}

/** Names of other domains may be anything that the rule itself makes up. */
function unknownHosts(rule: VirtualService, { index }: Surroundings): readonly Finding[] {
  return (rule.spec.hosts ?? []).flatMap((name, at): readonly Finding[] => {
    const host = resolveHost(name, namespaceOf(rule));
    if (!isServiceHost(host) || index.serviceByHost.has(host)) return [];
    const problem = `names ${host}, which is no service of the mesh`;
    return [{ code: "IST0101", path: `spec.hosts[${at}]`, problem }];
  });
}

function examineDestination({ host, port }: Destination, path: string, context: Context): readonly Finding[] {
  const { index } = context.world;
  const fullHost = resolveHost(host, namespaceOf(context.rule));
  const service = index.serviceByHost.get(fullHost);
  if (service === undefined) {
    const problem = `names ${fullHost}, which is no service of the mesh: calls get 503`;
    return [{ code: "IST0101", path: `${path}.host`, problem }];
  }
  const number = port?.number;
  if (number === undefined) return unsaidPort(service, path, context);
  if (hasPort(service, number)) return [];
  const problem = `${number} is no port of ${fullHost}: calls get 503`;
  return [{ code: "IST0101", path: `${path}.port.number`, problem }];
}

/** A destination without a port means the service's only one, else the one that was called. */
function unsaidPort(service: MeshService, path: string, context: Context): readonly Finding[] {
  if (service.ports.length < 2) return [];
  const missing = calledPorts(context).filter((number) => !hasPort(service, number));
  if (missing.length === 0) return [];
  const ports = service.ports.map(({ number }) => number).join(", ");
  const problem = `must name one of the ports ${ports} of ${service.host}: calls of port ${missing.join(", ")} get 503`;
  return [{ code: "IST0112", path, problem }];
}

function calledPorts({ rule, world }: Context): readonly number[] {
  const ports = (rule.spec.hosts ?? []).flatMap((host) => {
    const called = world.index.serviceByHost.get(resolveHost(host, namespaceOf(rule)));
    return called === undefined ? [HTTP_PORT] : called.ports.map(({ number }) => number);
  });
  return [...new Set(ports)];
}

function hasPort({ ports }: MeshService, wanted: number): boolean {
  return ports.some(({ number }) => number === wanted);
}
