import { SERVICE_NAME, type EndpointSlice, type Service } from "@bookmesh/kube-api";
import type { ObjectCache } from "@bookmesh/reconcile";

/** Where a connection can be made. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The Services with their endpoints, as those who connect see them. */
export interface ServiceDirectory {
  service(namespace: string, name: string): Service | undefined;
  /** The Service with this ClusterIP. */
  byClusterIp(ip: string): Service | undefined;
  /** The ready endpoints behind a port of a Service, beginning with the one whose turn it is. */
  targets(service: Service, port: number): readonly Target[];
}

/** The directory over the caches of Services and EndpointSlices. Turns are taken per Service and port. */
export function serviceDirectory(
  services: ObjectCache<Service>,
  slices: ObjectCache<EndpointSlice>,
): ServiceDirectory {
  const turns = new Map<string, number>();
  return {
    service: (namespace, name) => services.get({ namespace, name }),
    byClusterIp: (ip) => services.list().find(({ spec }) => spec.clusterIP === ip),
    targets(service, port) {
      const targets = readyTargets(service, port, slices.list(service.metadata.namespace));
      const key = `${service.metadata.uid ?? ""}:${port}`;
      const turn = (turns.get(key) ?? -1) + 1;
      turns.set(key, turn);
      const first = targets.length === 0 ? 0 : turn % targets.length;
      return [...targets.slice(first), ...targets.slice(0, first)];
    },
  };
}

/** A headless Service has no port of its own: whatever port is asked for is the endpoints'. */
function readyTargets(service: Service, port: number, slices: readonly EndpointSlice[]): readonly Target[] {
  const servicePort = service.spec.ports?.find((candidate) => candidate.port === port);
  const isHeadless = service.spec.clusterIP === "None";
  if (servicePort === undefined && !isHeadless) return [];
  return slices
    .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === service.metadata.name)
    .flatMap(({ endpoints, ports = [] }) => {
      const named = ports.find(({ name = "" }) => name === (servicePort?.name ?? ""))?.port;
      const number = servicePort ? named : port;
      if (number === undefined) return [];
      return endpoints
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses }) => addresses.map((host) => ({ host, port: number })));
    });
}
