import { Host, type Cluster, type ForwardAction } from "@bookmesh/proxy-core";
import type { ForwardPlan } from "./plan-request.ts";

/** Names that a passthrough cluster is kept for; the oldest are forgotten first. */
const MAX_NAMED_HOSTS = 1_000;

const CONNECT_TIMEOUT_MS = 10_000;

const UNLIMITED = {
  maxConnections: Infinity,
  maxPendingRequests: Infinity,
  maxRequests: Infinity,
  maxRetries: Infinity,
  maxRequestsPerConnection: Infinity,
} as const;

/** An authority taken apart: `[::1]:80`, `name`, `name:80`. Returns nothing where it is none. */
export function splitAuthority(authority: string, defaultPort: number): HostAndPort | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(authority);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? defaultPort);
  return host !== undefined && port > 0 && port < 65_536 ? { host, port } : undefined;
}

/** Where an authority points. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Clusters that a request's own authority makes: outside names, and `localhost` of a forward proxy. */
export class NamedHosts {
  readonly #passthrough = new Map<string, Cluster>();
  readonly #local = new Map<string, Cluster>();
  readonly #addresses: readonly string[];

  /** `localAddresses`: where `localhost` is looked for, in order. */
  constructor(localAddresses: readonly string[]) {
    this.#addresses = [...new Set(localAddresses)];
  }

  /** The passthrough cluster with the authority's host as its only one. */
  passthrough(cluster: Cluster, authority: string, defaultPort = 80): Cluster | undefined {
    const target = splitAuthority(authority, defaultPort);
    if (!target) return undefined;
    return remember(this.#passthrough, `${target.host}:${target.port}`, () => {
      const host = new Host(target.host, target.port, 1);
      return { ...cluster, kind: "hosts", hosts: [host], pickHost: () => host };
    });
  }

  /** The cluster for an authority that means this pod; `undefined` for any other. */
  local(authority: string): Cluster | undefined {
    const target = splitAuthority(authority, 80);
    if (target?.host !== "localhost" && target?.host !== "127.0.0.1") return undefined;
    return remember(this.#local, `${target.port}`, () => {
      const hosts = this.#addresses.map((address) => new Host(address, target.port, 1));
      return {
        name: "localhost",
        kind: "hosts",
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        hosts,
        pickHost: (tried) => hosts.find((host) => !tried.includes(host)),
        limits: UNLIMITED,
      };
    });
  }
}

/** Sends a request to a `localhost` cluster: the next address is tried where nothing listens on one. */
export function localPlan(cluster: Cluster): ForwardPlan {
  return {
    kind: "forward",
    action: LOCAL_ACTION,
    cluster,
    routeName: "",
    authority: undefined,
    path: undefined,
  };
}

const NEVER = {
  connectFailure: false,
  reset: false,
  resetBeforeRequest: false,
  gatewayError: false,
  serverError: false,
  retriable4xx: false,
} as const;

const LOCAL_ACTION: ForwardAction = {
  kind: "forward",
  pickCluster: () => undefined,
  timeoutMs: 0,
  retry: {
    maxRetries: 1,
    perTryTimeoutMs: 0,
    on: { ...NEVER, connectFailure: true },
    statusCodes: new Set(),
    avoidsPreviousHosts: true,
    backoff: { initialMs: 1, maxMs: 1 },
  },
  edits: undefined,
  responseEdits: undefined,
  fault: undefined,
  mirrors: [],
};

function remember(known: Map<string, Cluster>, key: string, make: () => Cluster): Cluster {
  let cluster = known.get(key);
  if (!cluster) {
    cluster = make();
    known.set(key, cluster);
    const [oldest] = known.keys();
    if (known.size > MAX_NAMED_HOSTS && oldest !== undefined) forget(known, oldest);
  }
  return cluster;
}

function forget(known: Map<string, Cluster>, key: string): void {
  for (const host of known.get(key)?.hosts ?? []) host.isMember = false; // its idle connections close at the next prune
  known.delete(key);
}
