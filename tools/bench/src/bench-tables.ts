import { NO_RETRY_CONDITIONS } from "@bookmesh/proxy-core/retry";
import { type Cluster, Host, type HttpChain, type Route, type VirtualHost } from "@bookmesh/proxy-core";

/** The routes of a middle-sized mesh: whatever is asked for goes to `backend`. */
export interface BenchTables {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly http: (writesAccessLog: boolean) => HttpChain;
}

/** As many as a middle-sized mesh has. */
export const VIRTUAL_HOSTS = 200;

/** Makes the tables: 200 virtual hosts, and one that everything else falls to, weighted and with retries. */
export function benchTables(backend: { readonly address: string; readonly port: number }): BenchTables {
  const v1 = cluster("outbound|8080|version-v1|reviews.default.svc.cluster.local", backend);
  const v2 = cluster("outbound|8080|version-v2|reviews.default.svc.cluster.local", backend);
  const routes = [weightedRoute(v2, v2, "nobody"), weightedRoute(v1, v2)];
  const virtualHosts = new Map<string, VirtualHost>();
  for (let index = 0; index < VIRTUAL_HOSTS; index++) {
    const name = `service-${index}.default.svc.cluster.local:8080`;
    virtualHosts.set(name, { name, routes, catchAll: undefined });
  }
  const reviews: VirtualHost = { name: "reviews", routes, catchAll: undefined };
  return {
    clusters: new Map([v1, v2].map((one) => [one.name, one])),
    http: (writesAccessLog) => ({
      statPrefix: "bench",
      routeConfigName: "bench",
      routes: { findVirtualHost: (authority) => virtualHosts.get(authority) ?? reviews },
      writesAccessLog,
    }),
  };
}

function cluster(name: string, backend: { readonly address: string; readonly port: number }): Cluster {
  const hosts = [new Host(backend.address, backend.port, 1)];
  let turn = 0;
  return {
    name,
    kind: "hosts",
    connectTimeoutMs: 10_000,
    hosts,
    pickHost: () => hosts[turn++ % hosts.length],
    limits: {
      maxConnections: Infinity,
      maxPendingRequests: Infinity,
      maxRequests: Infinity,
      maxRetries: Infinity,
      maxRequestsPerConnection: Infinity,
    },
  };
}

function weightedRoute(one: Cluster, other: Cluster, tester?: string): Route {
  return {
    name: "default",
    matches: (request) =>
      request.path.startsWith("/") && (tester === undefined || request.header("end-user") === tester),
    action: {
      kind: "forward",
      pickCluster: (draw) => (draw < 0.75 ? one : other),
      timeoutMs: 15_000,
      retry: {
        maxRetries: 2,
        perTryTimeoutMs: 0,
        on: { ...NO_RETRY_CONDITIONS, connectFailure: true },
        statusCodes: new Set([503]),
        avoidsPreviousHosts: true,
        backoff: { initialMs: 25, maxMs: 250 },
      },
      edits: undefined,
      responseEdits: undefined,
      fault: undefined,
      mirrors: [],
    },
  };
}
