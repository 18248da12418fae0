import type { Socket } from "node:net";
import type { ChainSet, Cluster, RequestView, SocketPlace } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import { DownstreamConnection } from "./downstream-connection.ts";
import { localPlan, passthroughOnce, type NamedHosts } from "./named-hosts.ts";
import {
  planRequest,
  type RequestPlan,
  type ResolvePassthrough,
  type RoutedAuthority,
} from "./plan-request.ts";
import type { ConnectionAddresses } from "./request-record.ts";
import { replay, sniffClient } from "./sniff-client.ts";
import { proxyTcp } from "./tcp-proxy.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import { Wire, type WireEvents } from "./wire.ts";

const UNHEARD: WireEvents = {
  onBytes: () => undefined,
  onEnd: () => undefined,
  onDrain: () => undefined,
  onClose: () => undefined,
};

/** A client that says nothing so long inside a CONNECT speaks a protocol whose server begins (SMTP, MySQL). */
const TUNNEL_INSPECTION = { timeoutMs: 300, goesOn: true };

/** Where nothing else is said, first bytes are waited for as long as it takes. */
const PATIENT_INSPECTION = { timeoutMs: 0, goesOn: true };

const CONNECTED = Buffer.from("HTTP/1.1 200 OK\r\n\r\n");

/** What all connections are served with. */
export interface ServingParts {
  readonly path: DataPath;
  readonly pools: UpstreamPools;
  readonly namedHosts: NamedHosts;
  /** HTTP connections, so that draining can reach them. */
  readonly connections: Set<DownstreamConnection>;
}

/** What an accepted connection is served with. */
export interface ClientOptions extends ServingParts {
  /** As the newest snapshot has them. */
  readonly chains: () => ChainSet;
  /** Where it was going before it was redirected; absent: here. */
  readonly destination: SocketPlace | undefined;
  /** The name that the client asked for, where TLS has ended here. */
  readonly serverName?: string;
}

/** Serves one accepted connection by its chains: HTTP, raw bytes, or whichever its first bytes are. */
export function serveClient(socket: Socket, options: ClientOptions, early?: Uint8Array): void {
  const { reads, wheel } = options.path;
  const wire = new Wire(socket, reads, UNHEARD);
  const { http, tcp, inspection = PATIENT_INSPECTION } = options.chains();
  if (http && tcp) {
    sniffClient(
      wire,
      { ...inspection, wheel, early },
      {
        http1: (bytes) => serveHttp(wire, options, { early: bytes }),
        other: (bytes) => serveTcp(wire, options, { cluster: tcp.cluster, early: bytes }),
      },
    );
  } else if (tcp) {
    serveTcp(wire, options, { cluster: tcp.cluster, early });
  } else if (http) {
    serveHttp(wire, options, early ? { early } : {});
  } else {
    wire.destroy();
  }
}

/** How HTTP begins on a connection: `early` bytes have been read, an outer CONNECT has named `authority`. */
interface HttpStart {
  readonly early?: Uint8Array;
  readonly authority?: string;
}

function serveHttp(wire: Wire, options: ClientOptions, { early, authority }: HttpStart): void {
  const { connections, chains, path, pools, destination, serverName } = options;
  const takesConnect = chains().isForwardProxy && authority === undefined;
  const resolve = options.namedHosts.resolver(destination);
  const connection = new DownstreamConnection(wire, {
    path,
    pools,
    chains,
    authority,
    scheme: schemeOf(options),
    addresses: { ...addressesOf(wire.socket, destination), ...(serverName !== undefined && { serverName }) },
    plan: (routed) => planFor(options, routed, resolve),
    ...(takesConnect && {
      onConnect: (target: string, rest: Uint8Array) => {
        connections.delete(connection);
        openTunnel(wire, options, { authority: target, early: rest });
      },
    }),
    onClosed: () => connections.delete(connection),
  });
  connections.add(connection);
  wire.events = connection;
  replay(wire, early);
}

function schemeOf({ serverName }: ClientOptions): "http" | "https" {
  return serverName === undefined ? "http" : "https";
}

/** Both ends of a client's connection. */
export function addressesOf(socket: Socket, destination: SocketPlace | undefined): ConnectionAddresses {
  const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = socket;
  const { address, port } = destination ?? { address: localAddress, port: localPort };
  return { remote: `${remoteAddress}:${remotePort}`, local: `${address}:${port}` };
}

/** Routing, but for what only a forward proxy knows: `localhost`. */
function planFor(options: ClientOptions, routed: RoutedAuthority, resolve: ResolvePassthrough): RequestPlan {
  const { path, namedHosts, chains } = options;
  const local = chains().isForwardProxy ? namedHosts.local(routed.authority) : undefined;
  if (local) return localPlan(local);
  const ports = { random: path.options.random, resolve, scheme: schemeOf(options) };
  return planRequest(path.requestHead, routed, ports);
}

/** Answers a CONNECT; the first bytes inside decide between requests, which are routed, and a tunnel. */
function openTunnel(wire: Wire, options: ClientOptions, { authority, early }: Required<HttpStart>): void {
  wire.write(CONNECTED);
  sniffClient(
    wire,
    { ...TUNNEL_INSPECTION, wheel: options.path.wheel, early },
    {
      http1: (bytes) => serveHttp(wire, options, { authority, early: bytes }),
      other(bytes) {
        const cluster = tunnelCluster(options, authority);
        if (cluster) serveTcp(wire, options, { cluster, early: bytes });
        else wire.destroy();
      },
    },
  );
}

/** Where the routes lead a tunnel: the cluster of the first route that takes "/". */
function tunnelCluster({ chains, namedHosts, path }: ClientOptions, authority: string): Cluster | undefined {
  const local = namedHosts.local(authority);
  if (local) return local;
  const request: RequestView = {
    method: "CONNECT",
    path: "/",
    authority,
    scheme: "http",
    header: () => undefined,
  };
  const route = chains()
    .http?.routes.findVirtualHost(authority)
    ?.routes.find((one) => one.matches(request));
  if (route?.action.kind !== "forward") return undefined;
  const cluster = route.action.pickCluster(path.options.random());
  return cluster?.kind === "passthrough" ? namedHosts.resolver(undefined)(cluster, authority) : cluster;
}

function serveTcp(
  wire: Wire,
  { pools, chains, destination }: ClientOptions,
  { cluster, early }: { readonly cluster: Cluster; readonly early: Uint8Array | undefined },
): void {
  const passes = cluster.kind === "passthrough" && destination;
  proxyTcp(wire, {
    pools,
    direction: chains().direction,
    cluster: passes ? passthroughOnce(cluster, passes) : cluster,
    early,
    onClosed: () => undefined,
  });
}
