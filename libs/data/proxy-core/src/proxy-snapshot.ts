import type { Host } from "./host.ts";
import type { TlsTermination } from "./tls/tls-settings.ts";
import type { OutlierDetector } from "./outlier/outlier-detector.ts";

/**
 * What the sidecar runs on: the accepted xDS resources, compiled. It is replaced as a whole when resources
 * change; a request takes it once and keeps what it took to its end.
 */
export interface ProxySnapshot {
  readonly listeners: readonly Listener[];
  readonly clusters: ReadonlyMap<string, Cluster>;
}

/** What serves a connection. */
export interface ChainSet {
  /** The listener's name. */
  readonly name: string;
  readonly direction: "inbound" | "outbound";
  /** Takes absolute-form requests and CONNECT, as an HTTP proxy does (interception mode NONE). */
  readonly isForwardProxy: boolean;
  /** Where both chains are there, the first bytes decide; absent: they are waited for as long as it takes. */
  readonly inspection?: Inspection;
  /** For connections whose first bytes are an HTTP/1 request; absent where the port is no HTTP. */
  readonly http?: HttpChain;
  /** For all others; absent where the port is HTTP only (such bytes are then a 400). */
  readonly tcp?: TcpChain;
  /** For connections that begin with TLS, in place of the other two; absent where TLS is bytes as all others. */
  readonly secure?: ServerNames;
}

/** An IP address and a port. */
export interface SocketPlace {
  readonly address: string;
  readonly port: number;
}

/** How long a client's first bytes are waited for. Source: Envoy, `listener_filters_timeout`. */
export interface Inspection {
  /** 0: for ever. */
  readonly timeoutMs: number;
  /** A silent client is then served as one that is no HTTP: the server may have to speak first. Otherwise it is closed. */
  readonly goesOn: boolean;
}

/**
 * Whether connections come here redirected, so that the kernel has to be asked where they were going, and what that
 * place decides: which of the listener's own chains serves them, or which of all listeners does.
 */
export type Redirection = "none" | "ownChains" | "allListeners";

/** What serves the connections of clients that begin with TLS and ask for certain names. */
export interface SecureChain extends ChainSet {
  /** Absent: TLS ends at the upstream; the bytes pass as they are. */
  readonly tls?: TlsTermination;
}

/** The secure chains of a listener, by the server name that a client asks for. */
export interface ServerNames {
  /** A refused connection is worth a line in the access log. */
  readonly writesAccessLog: boolean;
  /**
   * `serverName` in lower case, "" for a client that names none. Exact names first, then the longest `*.suffix`, then
   * the chain for all. Source: Envoy, `FilterChainMatch.server_names`.
   */
  find(serverName: string): SecureChain | undefined;
}

/** A socket to listen on and what to do with its connections. */
export interface Listener extends ChainSet {
  readonly address: string;
  readonly port: number;
  /** Further sockets: the other family of addresses. */
  readonly additionalAddresses?: readonly SocketPlace[];
  /** False: it listens nowhere and gets the connections that were going to its address when they were redirected. */
  readonly hasSocket?: boolean;
  readonly redirection?: Redirection;
  /** For connections to these ports, in place of its other chains. */
  readonly chainsByPort?: ReadonlyMap<number, ChainSet>;
}

/** Envoy's HTTP connection manager: routes each request. */
export interface HttpChain {
  /** Labels of statistics and logs: `inbound_0.0.0.0_8080`, … */
  readonly statPrefix: string;
  /** The route configuration's name: `http_proxy`, `inbound|8080||`. */
  readonly routeConfigName: string;
  readonly routes: RouteTable;
  readonly writesAccessLog: boolean;
  /**
   * Its clients are outside: their address is the connection's, and nothing is believed that they say of address,
   * scheme or request id. Source: Envoy, `use_remote_address`.
   */
  readonly usesRemoteAddress?: boolean;
}

/** Envoy's `tcp_proxy`: one cluster for all bytes. */
export interface TcpChain {
  readonly statPrefix: string;
  readonly cluster: Cluster;
}

/** The virtual hosts of one route configuration. */
export interface RouteTable {
  /**
   * `authority` as sent, lower-cased, port included. Exact domains first, then the longest suffix (`*.example`),
   * then the longest prefix (`example.*`), then `*`. Source: Envoy `VirtualHost.domains`.
   */
  findVirtualHost(authority: string): VirtualHost | undefined;
}

/** Routes in their order; the first that matches is taken. */
export interface VirtualHost {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Set where the first route matches every request: the hot path then looks at nothing but the host. */
  readonly catchAll: Route | undefined;
}

/** The parts of a request that routing may look at; each is read only when a matcher asks. */
export interface RequestView {
  readonly method: string;
  /** Path and query, origin form. */
  readonly path: string;
  readonly authority: string;
  readonly scheme: string;
  /** Several fields of one name are joined with ", ". `name` is lower case. */
  header(name: string): string | undefined;
}

/** One route: a condition and what follows from it. */
export interface Route {
  /** Its name in the access log; "" where it has none. */
  readonly name: string;
  readonly action: RouteAction;
  /** The condition in words, for explanations. */
  readonly condition?: string;
  matches(request: RequestView): boolean;
}

/** What a route does with a request. */
export type RouteAction = ForwardAction | DirectResponseAction | RedirectAction;

/** Sends the request to one of the weighted clusters. */
export interface ForwardAction {
  readonly kind: "forward";
  /**
   * Draws the cluster for one request: `draw` from 0 (included) to 1 (excluded). `undefined` where the named
   * cluster does not exist (503, flag NC).
   */
  pickCluster(draw: number): Cluster | undefined;
  /** The clusters that it draws from, for explanations. */
  readonly targets?: readonly { readonly cluster: string; readonly weight: number }[];
  /** 0: none. */
  readonly timeoutMs: number;
  /** The longest pause in which nothing of the request or its answer moves; 0, absent: any. */
  readonly idleTimeoutMs?: number;
  readonly retry: RetryPolicy | undefined;
  /** Edits of the request head; absent where there are none (the hot path). */
  readonly edits: HeadEdits | undefined;
  readonly responseEdits: HeaderEdits | undefined;
  readonly fault: FaultPolicy | undefined;
  readonly mirrors: readonly {
    readonly cluster: Cluster;
    readonly fraction: number;
    /** The copy is for `<name>-shadow`. */
    readonly isMarked: boolean;
  }[];
  /** Where destinations edit heads of their own: the action of the one that `draw` picks, which has no other. */
  actionFor?(draw: number): ForwardAction | undefined;
}

/** Answers without any upstream. */
export interface DirectResponseAction {
  readonly kind: "direct";
  readonly status: number;
  readonly body: string;
}

/** Answers with a `Location`. */
export interface RedirectAction {
  readonly kind: "redirect";
  readonly status: number;
  location(request: RequestView): string;
}

/** Fields to set, add and remove, in Envoy's order: remove, then set and append. */
export interface HeaderEdits {
  readonly remove: readonly string[];
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly append: readonly (readonly [name: string, value: string])[];
}

/** What a route changes of the request's head. */
export interface HeadEdits extends HeaderEdits {
  readonly authority: string | undefined;
  /** The new path and query, or `undefined` for the one that was sent. */
  path(request: RequestView): string | undefined;
}

/** When and how often to try again. Source: Envoy `RetryPolicy`, `x-envoy-retry-on`. */
export interface RetryPolicy {
  readonly maxRetries: number;
  /** 0: the route's timeout alone counts. */
  readonly perTryTimeoutMs: number;
  readonly on: {
    readonly connectFailure: boolean;
    readonly reset: boolean;
    readonly resetBeforeRequest: boolean;
    readonly gatewayError: boolean;
    readonly serverError: boolean;
    readonly retriable4xx: boolean;
  };
  readonly statusCodes: ReadonlySet<number>;
  /** Tries another host each time, as far as there are others (`previous_hosts`). */
  readonly avoidsPreviousHosts: boolean;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
}

/** Delay and abort by share (0 to 1). */
export interface FaultPolicy {
  readonly delay: { readonly fraction: number; readonly durationMs: number } | undefined;
  readonly abort: { readonly fraction: number; readonly status: number } | undefined;
}

/** One upstream: a set of hosts and how to spread requests over them. */
export interface Cluster {
  readonly name: string;
  /**
   * `passthrough` dials where the connection was going before it was redirected, or else the request's own authority
   * (Envoy's ORIGINAL_DST); `blackhole` never dials. Both have no hosts.
   */
  readonly kind: "hosts" | "passthrough" | "blackhole";
  /** The addresses to dial from, one of a family; absent: the kernel chooses. */
  readonly sources?: readonly string[];
  readonly connectTimeoutMs: number;
  /** Those that requests are spread over at this moment. */
  readonly hosts: readonly Host[];
  /** Learns how tries end; absent where failing hosts stay in. */
  readonly outliers?: OutlierDetector | undefined;
  /**
   * Chooses a host for one request; `undefined` when there is none (503, flag UH). `tried` are hosts that this
   * request has already been sent to.
   */
  pickHost(tried: readonly Host[]): Host | undefined;
  readonly limits: ClusterLimits;
  readonly connections?: ConnectionRules;
}

/** How the connections to a cluster's hosts are kept. */
export interface ConnectionRules {
  /** How long one may serve nobody; it may be closed earlier. */
  readonly idleTimeoutMs: number;
  /** How old one may become before it serves its last request. */
  readonly maxDurationMs: number;
  /** The kernel's probes of silent connections; absent: none. */
  readonly keepAlive?: KeepAliveRules | undefined;
}

/** `undefined`: as the kernel has it. */
export interface KeepAliveRules {
  readonly idleMs: number | undefined;
  readonly intervalMs: number | undefined;
  readonly probes: number | undefined;
}

/** Thresholds of one cluster; `Infinity` where unset. Source: Envoy `CircuitBreakers.Thresholds`. */
export interface ClusterLimits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
  readonly maxRetries: number;
  readonly maxRequestsPerConnection: number;
  /** In place of `maxRetries`. Source: Envoy `CircuitBreakers.Thresholds.RetryBudget`. */
  readonly retryBudget?: RetryBudget | undefined;
}

/** Retries as a share of the requests in flight, but at least so many. */
export interface RetryBudget {
  readonly percent: number;
  readonly minimum: number;
}
