import type { Socket } from "node:net";
import { ByteWindow } from "@bookmesh/http1";
import type { Cluster, Listener, RequestView } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import { DownstreamConnection } from "./downstream-connection.ts";
import { HeldBytes } from "./held-bytes.ts";
import { localPlan, type NamedHosts } from "./named-hosts.ts";
import { failurePlan, planRequest, type RequestPlan, type RoutedAuthority } from "./plan-request.ts";
import { sniffProtocol } from "./sniff-protocol.ts";
import { proxyTcp } from "./tcp-proxy.ts";
import { WheelTimer } from "./timer-wheel.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import { Wire, type WireEvents } from "./wire.ts";

const UNHEARD: WireEvents = {
  onBytes: () => undefined,
  onEnd: () => undefined,
  onDrain: () => undefined,
  onClose: () => undefined,
};

/** A client that says nothing so long inside a CONNECT speaks a protocol whose server begins (SMTP, MySQL). */
const SERVER_FIRST_MS = 300;

const CONNECTED = Buffer.from("HTTP/1.1 200 OK\r\n\r\n");

/** What an accepted connection is served with. */
export interface ClientOptions {
  readonly path: DataPath;
  readonly pools: UpstreamPools;
  readonly namedHosts: NamedHosts;
  readonly listener: () => Listener;
  /** HTTP connections, so that draining can reach them. */
  readonly connections: Set<DownstreamConnection>;
}

/** Serves one accepted connection by its listener's chains: HTTP, raw bytes, or whichever its first bytes are. */
export function serveClient(socket: Socket, options: ClientOptions): void {
  const { counters } = options.path;
  counters.downstreamConnections++;
  counters.downstreamConnectionsTotal++;
  socket.once("close", () => counters.downstreamConnections--);
  const wire = new Wire(socket, options.path.reads, UNHEARD);
  const { http, tcp } = options.listener();
  if (http && tcp) {
    sniff(wire, undefined, {
      http1: (early) => serveHttp(wire, options, { early }),
      other: (early) => serveTcp(wire, options, { cluster: tcp.cluster, early }),
    });
  } else if (tcp) {
    serveTcp(wire, options, { cluster: tcp.cluster, early: undefined });
  } else {
    serveHttp(wire, options, {});
  }
}

/** How HTTP begins on a connection: `early` bytes have been read, an outer CONNECT has named `authority`. */
interface HttpStart {
  readonly early?: Uint8Array;
  readonly authority?: string;
}

function serveHttp(wire: Wire, options: ClientOptions, { early, authority }: HttpStart): void {
  const { socket } = wire;
  const { connections, listener, path, pools } = options;
  const takesConnect = listener().isForwardProxy && authority === undefined;
  const connection = new DownstreamConnection(wire, {
    path,
    pools,
    listener,
    authority,
    addresses: {
      remote: `${socket.remoteAddress ?? ""}:${socket.remotePort ?? 0}`,
      local: `${socket.localAddress ?? ""}:${socket.localPort ?? 0}`,
    },
    plan: (routed) => planFor(options, routed),
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

/** Routing, but for what only a forward proxy knows: `localhost`, and clusters that take any name. */
function planFor({ path, namedHosts, listener }: ClientOptions, routed: RoutedAuthority): RequestPlan {
  const local = listener().isForwardProxy ? namedHosts.local(routed.authority) : undefined;
  if (local) return localPlan(local);
  const head = path.requestHead;
  const plan = planRequest(head, routed, path.options.random);
  if (plan.kind !== "forward" || plan.cluster.kind !== "passthrough") return plan;
  const cluster = namedHosts.passthrough(plan.cluster, routed.authority);
  return cluster ? { ...plan, cluster } : failurePlan("noHealthyHost", plan.routeName);
}

/** Answers a CONNECT; the first bytes inside decide between requests, which are routed, and a tunnel. */
function openTunnel(wire: Wire, options: ClientOptions, { authority, early }: Required<HttpStart>): void {
  wire.write(CONNECTED);
  const { wheel } = options.path;
  const serveBytes = (bytes: Uint8Array) => {
    const cluster = tunnelCluster(options, authority);
    if (cluster) serveTcp(wire, options, { cluster, early: bytes });
    else wire.destroy();
  };
  const silence = new WheelTimer(() => serveBytes(new Uint8Array(0)));
  wheel.start(silence, SERVER_FIRST_MS);
  sniff(wire, early, {
    http1: (bytes) => serveHttp(wire, options, { authority, early: bytes }),
    other: serveBytes,
    onSignOfLife: () => wheel.stop(silence),
  });
}

/** Where the routes lead a tunnel: the cluster of the first route that takes "/". */
function tunnelCluster(
  { listener, namedHosts, path }: ClientOptions,
  authority: string,
): Cluster | undefined {
  const local = namedHosts.local(authority);
  if (local) return local;
  const request: RequestView = {
    method: "CONNECT",
    path: "/",
    authority,
    scheme: "http",
    header: () => undefined,
  };
  const route = listener()
    .http?.routes.findVirtualHost(authority)
    ?.routes.find((one) => one.matches(request));
  if (route?.action.kind !== "forward") return undefined;
  const cluster = route.action.pickCluster(path.options.random());
  return cluster?.kind === "passthrough" ? namedHosts.passthrough(cluster, authority) : cluster;
}

function serveTcp(
  wire: Wire,
  { pools, listener }: ClientOptions,
  { cluster, early }: { readonly cluster: Cluster; readonly early: Uint8Array | undefined },
): void {
  proxyTcp(wire, { pools, direction: listener().direction, cluster, early, onClosed: () => undefined });
}

/** Who takes a connection over when its first bytes have told what it is. */
interface Sniffed {
  readonly http1: (early: Uint8Array) => void;
  readonly other: (early: Uint8Array) => void;
  /** The client has sent its first bytes, or is gone. */
  readonly onSignOfLife?: () => void;
}

/** Waits for the first bytes and hands them to the one that they are for. */
function sniff(wire: Wire, early: Uint8Array | undefined, serve: Sniffed): void {
  const held = new HeldBytes();
  wire.events = {
    onBytes(input) {
      serve.onSignOfLife?.();
      held.add(input);
      const bytes = held.take() ?? new Uint8Array(0);
      const protocol = sniffProtocol(bytes);
      if (protocol === "unknown") held.add(new ByteWindow().move(bytes, 0, bytes.length));
      else if (protocol === "http1") serve.http1(bytes);
      else serve.other(bytes);
    },
    onEnd: () => wire.destroy(),
    onDrain: () => undefined,
    onClose: () => serve.onSignOfLife?.(),
  };
  replay(wire, early);
}

function replay(wire: Wire, bytes: Uint8Array | undefined): void {
  if (bytes && bytes.length > 0) wire.events.onBytes(new ByteWindow().move(bytes, 0, bytes.length));
}
