import { SERVICE_NAME, type Endpoint, type EndpointSlice, type Service } from "@bookmesh/kube-api";
import type { ObjectCache } from "@bookmesh/reconcile";
import { sessionAffinity } from "./session-affinity.ts";
import type { Target } from "./target.ts";

/** What is asked of a Service. */
export interface Call {
  readonly port: number;
  /** The caller's address; a Service with session affinity sends it to the endpoint that it had before. */
  readonly caller?: string;
  /** Means the endpoint with this name alone, as `web-0` in `web-0.web.default.svc`. */
  readonly hostname?: string;
}

/** The Services with their endpoints, as those who connect see them. */
export interface ServiceDirectory {
  service(namespace: string, name: string): Service | undefined;
  /** The Service with this ClusterIP. */
  byClusterIp(ip: string): Service | undefined;
  /** The ready endpoints behind a port of a Service, beginning with the one whose turn it is. */
  targets(service: Service, call: Call): readonly Target[];
  /** Says whether an endpoint of the Service has this name. */
  hasHostname(service: Service, hostname: string): boolean;
}

/** Source: Kubernetes, `DefaultClientIPServiceAffinitySeconds`. */
const AFFINITY_SECONDS = 10_800;

/** The directory over the caches of Services and EndpointSlices. Turns are taken per Service and port. */
export function serviceDirectory(
  services: ObjectCache<Service>,
  slices: ObjectCache<EndpointSlice>,
  nowMs: () => number,
): ServiceDirectory {
  const turns = new Map<string, number>();
  const affinity = sessionAffinity(nowMs);
  const slicesOf = ({ metadata }: Service) =>
    slices
      .list(metadata.namespace)
      .filter((slice) => slice.metadata.labels?.[SERVICE_NAME] === metadata.name);
  return {
    service: (namespace, name) => services.get({ namespace, name }),
    byClusterIp: (ip) => services.list().find(({ spec }) => spec.clusterIP === ip),
    hasHostname: (service, hostname) =>
      slicesOf(service).some(({ endpoints }) =>
        endpoints.some((endpoint) => endpoint.addresses.some((ip) => hostnameOf(endpoint, ip) === hostname)),
      ),
    targets(service, call) {
      const targets = readyTargets(service, call, slicesOf(service));
      const key = `${service.metadata.uid ?? ""}:${call.port}`;
      const turn = (turns.get(key) ?? -1) + 1;
      const fresh = targets[turn % Math.max(1, targets.length)];
      const timeoutMs = affinityMs(service);
      const first =
        timeoutMs === undefined || call.caller === undefined
          ? fresh
          : affinity.keep({ key: `${key}:${call.caller}`, timeoutMs }, targets, fresh);
      if (first === fresh) turns.set(key, turn); // who comes back takes no turn
      const index = first === undefined ? 0 : targets.indexOf(first);
      return [...targets.slice(index), ...targets.slice(0, index)];
    },
  };
}

/** How long a caller stays with an endpoint; `undefined` where the Service does not want it. */
export function affinityMs({ spec }: Service): number | undefined {
  if (spec.sessionAffinity !== "ClientIP") return undefined;
  return (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS) * 1000;
}

/** What stands before the Service's name for this endpoint alone. Source: Kubernetes' DNS specification §2.4. */
export function hostnameOf({ hostname }: Endpoint, ip: string): string {
  return hostname ?? ip.replaceAll(".", "-");
}

/** A headless Service has no port of its own: whatever port is asked for is the endpoints'. */
function readyTargets(
  service: Service,
  { port, hostname }: Call,
  slices: readonly EndpointSlice[],
): readonly Target[] {
  const servicePort = service.spec.ports?.find((candidate) => candidate.port === port);
  const isHeadless = service.spec.clusterIP === "None";
  if (servicePort === undefined && !isHeadless) return [];
  return slices.flatMap(({ endpoints, ports = [] }) => {
    const named = ports.find(({ name = "" }) => name === (servicePort?.name ?? ""))?.port;
    const number = servicePort ? named : port;
    if (number === undefined) return [];
    return endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap((endpoint) =>
        endpoint.addresses
          .filter((ip) => hostname === undefined || hostnameOf(endpoint, ip) === hostname)
          .map((host) => ({ host, port: number })),
      );
  });
}
