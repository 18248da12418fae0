import { snapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import {
  Host,
  type Cluster,
  type HttpChain,
  type Listener,
  type Route,
  type VirtualHost,
} from "@bookmesh/proxy-core";
import { fileAccessLog, serveTraffic } from "@bookmesh/proxy-node";

/** The sidecar's data path alone, with the tables of a middle-sized mesh: `backendPort plainPort logPort logFile`. */
const [backendPort, plainPort, logPort, logFile = "/dev/null"] = process.argv.slice(2);

const VIRTUAL_HOSTS = 200;

function cluster(name: string): Cluster {
  const hosts = [new Host("127.0.0.1", Number(backendPort), 1)];
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
        on: {
          connectFailure: true,
          reset: false,
          resetBeforeRequest: false,
          gatewayError: false,
          serverError: false,
          retriable4xx: false,
        },
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

const v1 = cluster("outbound|8080|version-v1|reviews.default.svc.cluster.local");
const v2 = cluster("outbound|8080|version-v2|reviews.default.svc.cluster.local");
const routes = [weightedRoute(v2, v2, "nobody"), weightedRoute(v1, v2)];
const virtualHosts = new Map<string, VirtualHost>();
for (let index = 0; index < VIRTUAL_HOSTS; index++) {
  const name = `service-${index}.default.svc.cluster.local:8080`;
  virtualHosts.set(name, { name, routes, catchAll: undefined });
}
const reviews: VirtualHost = { name: "reviews", routes, catchAll: undefined };

function listener(port: string | undefined, writesAccessLog: boolean): Listener {
  const http: HttpChain = {
    statPrefix: "bench",
    routeConfigName: "bench",
    routes: { findVirtualHost: (authority) => virtualHosts.get(authority) ?? reviews },
    writesAccessLog,
  };
  return {
    name: `bench_${port}`,
    address: "127.0.0.1",
    port: Number(port),
    direction: "outbound",
    isForwardProxy: false,
    http,
  };
}

const traffic = serveTraffic({
  config: snapshotCell({
    listeners: [listener(plainPort, false), listener(logPort, true)],
    clusters: new Map([v1, v2].map((one) => [one.name, one])),
  }),
  accessLog: fileAccessLog(logFile),
  clock: systemClock,
  random: Math.random,
  applicationAddress: "127.0.0.1",
  podAddress: "127.0.0.1",
});
await traffic.listening();
