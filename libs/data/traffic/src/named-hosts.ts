import { NO_RETRY_CONDITIONS } from "@bookmesh/proxy-core/retry";
import { Host, type Cluster, type ForwardAction, type SocketPlace } from "@bookmesh/proxy-core";
import type { ForwardPlan, ResolvePassthrough } from "./plan-request.ts";

/** Names that a passthrough cluster is kept for; the oldest are forgotten first. */
const MAX_NAMED_HOSTS = 1_000;

const CONNECT_TIMEOUT_MS = 10_000;

/** HTTP's. */
const DEFAULT_PORT = 80;

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

/** Clusters whose host is no endpoint: original destinations, outside names, and `localhost` of a forward proxy. */
export class NamedHosts {
  readonly #passthrough = new Map<string, Cluster>();
  readonly #local = new Map<string, Cluster>();
  readonly #addresses: readonly string[];

  /** `localAddresses`: where `localhost` is looked for, in order. */
  constructor(localAddresses: readonly string[]) {
    this.#addresses = [...new Set(localAddresses)];
  }

  /** What a connection's requests ask; it remembers the last answer, since a destination stays the same. */
  resolver(destination: SocketPlace | undefined): ResolvePassthrough {
    if (!destination)
      return (cluster, authority) => {
        const target = splitAuthority(authority, DEFAULT_PORT);
        return target && this.#at(cluster, target);
      };
    const target = { host: destination.address, port: destination.port };
    let asked: Cluster | undefined;
    let found: Cluster | undefined;
    return (cluster) => {
      if (cluster !== asked || found?.hosts[0]?.isMember !== true) found = this.#at(cluster, target);
      asked = cluster;
      return found;
    };
  }

  #at(cluster: Cluster, { host: name, port }: HostAndPort): Cluster {
    return remember(this.#passthrough, `${cluster.name} ${name} ${port}`, () =>
      withOneHost(cluster, new Host(name, port, 1)),
    );
  }

  /** The cluster for an authority that means this pod; `undefined` for any other. */
  local(authority: string): Cluster | undefined {
    const target = splitAuthority(authority, DEFAULT_PORT);
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

/** A passthrough cluster for one connection of bytes: its host is forgotten with the connection. */
export function passthroughOnce(cluster: Cluster, { address, port }: SocketPlace): Cluster {
  const host = new Host(address, port, 1);
  host.isMember = false;
  return withOneHost(cluster, host);
}

function withOneHost(cluster: Cluster, host: Host): Cluster {
  return { ...cluster, kind: "hosts", hosts: [host], pickHost: () => host };
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

const LOCAL_ACTION: ForwardAction = {
  kind: "forward",
  pickCluster: () => undefined,
  timeoutMs: 0,
  retry: {
    maxRetries: 1,
    perTryTimeoutMs: 0,
    on: { ...NO_RETRY_CONDITIONS, connectFailure: true },
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
