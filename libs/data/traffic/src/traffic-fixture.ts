import { NO_RETRY_CONDITIONS } from "@bookmesh/proxy-core/retry";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { EventEmitter, once } from "node:events";
import { snapshotCell, type SnapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import type {
  Cluster,
  ForwardAction,
  Host,
  Listener,
  ProxySnapshot,
  RetryPolicy,
  Route,
} from "@bookmesh/proxy-core";
import { serveTraffic } from "./serve-traffic.ts";
import type { Traffic, TrafficOptions } from "./traffic.ts";
import { readLogLine, type LogLine } from "./read-log-line.ts";

/** Whatever a test opened; closed after it, the newest first. */
export class Cleanup {
  readonly #actions: (() => void)[] = [];

  add(action: () => void): void {
    this.#actions.push(action);
  }

  run(): void {
    for (const action of this.#actions.splice(0).reverse()) action();
  }
}

/** An upstream that keeps every byte it gets: the strongest witness of what a proxy sends. */
export interface Recorder {
  readonly port: number;
  /** All bytes of each connection, as Latin-1, in the order of the connections. */
  readonly received: string[];
  readonly sockets: Socket[];
  close(): void;
}

/** Opens a recorder. `onData` gets all that came on its connection so far, and answers. */
export async function recorder(
  cleanup: Cleanup,
  onData: (socket: Socket, received: string, connection: number) => void = answerEachHead,
): Promise<Recorder> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = received.push("") - 1;
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      const all = (received[connection] ?? "") + bytes.toString("latin1");
      received[connection] = all;
      onData(socket, all, connection);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  cleanup.add(close);
  return { port: portOf(server.address()), received, sockets, close };
}

/** Answers 200 "ok" each time a head ends. */
export function answerEachHead(socket: Socket, received: string): void {
  if (received.endsWith("\r\n\r\n")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

/** A client that writes bytes and keeps what comes back. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything read so far, as Latin-1. */
  readonly text: string;
  readonly hasEnded: boolean;
  send(text: string): void;
  /** Waits until the text matches, and returns it. */
  sees(pattern: RegExp): Promise<string>;
  ended(): Promise<string>;
}

/** How long a client waits for what it is to see; longer than a proxy that leaves waits for its clients. */
const PATIENCE_MS = 10_000;

/** Connects to a port of 127.0.0.1. */
export async function rawClient(cleanup: Cleanup, port: number): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  cleanup.add(() => socket.destroy());
  const changes = new EventEmitter();
  let text = "";
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    changes.emit("change");
  };
  await once(socket, "connect");
  socket.on("error", end).on("end", end).on("close", end);
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
    changes.emit("change");
  });
  const until = async (isThere: () => boolean, what: string) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!isThere()) {
      await once(changes, "change", { signal }).catch(() => {
        throw new Error(`The client waited for ${what} and has read ${JSON.stringify(text.slice(0, 500))}.`);
      });
    }
    return text;
  };
  return {
    socket,
    get text() {
      return text;
    },
    get hasEnded() {
      return hasEnded;
    },
    send: (sent) => void socket.write(sent, "latin1"),
    sees: (pattern) => until(() => pattern.test(text), pattern.source),
    ended: () => until(() => hasEnded, "the end"),
  };
}

/** A cluster of these hosts, taken in turn. */
export function clusterOf(hosts: readonly Host[], changes: Partial<Cluster> = {}): Cluster {
  let turn = 0;
  return {
    name: "outbound|80||test",
    kind: "hosts",
    connectTimeoutMs: 1_000,
    hosts,
    pickHost: (tried) =>
      hosts.find((host) => !tried.includes(host) && tried.length > 0) ?? hosts[turn++ % hosts.length],
    limits: UNLIMITED,
    ...changes,
  };
}

export const UNLIMITED: Cluster["limits"] = {
  maxConnections: Infinity,
  maxPendingRequests: Infinity,
  maxRequests: Infinity,
  maxRetries: Infinity,
  maxRequestsPerConnection: Infinity,
};

/** A policy that retries on what `changes` say, quickly. */
export function retryOn(on: Partial<RetryPolicy["on"]>, changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    maxRetries: 2,
    perTryTimeoutMs: 0,
    on: { ...NO_RETRY_CONDITIONS, ...on },
    statusCodes: new Set(),
    avoidsPreviousHosts: true,
    backoff: { initialMs: 1, maxMs: 1 },
    ...changes,
  };
}

/** A route to one cluster. */
export function routeTo(cluster: Cluster | undefined, changes: Partial<ForwardAction> = {}): Route {
  return {
    name: "default",
    matches: () => true,
    action: {
      kind: "forward",
      pickCluster: () => cluster,
      timeoutMs: 0,
      retry: undefined,
      edits: undefined,
      responseEdits: undefined,
      fault: undefined,
      mirrors: [],
      ...changes,
    },
  };
}

/** A listener on a free port whose every authority leads to `route`; without one there is no virtual host. */
export function httpListener(
  port: number,
  route: Route | undefined,
  changes: Partial<Listener> = {},
): Listener {
  return {
    name: `listener_${port}`,
    address: "127.0.0.1",
    port,
    direction: "inbound",
    isForwardProxy: false,
    http: {
      statPrefix: "test",
      routeConfigName: "test",
      routes: { findVirtualHost: () => route && { name: "all", routes: [route], catchAll: route } },
      writesAccessLog: true,
    },
    ...changes,
  };
}

/** A running data path with its log. */
export interface TestTraffic {
  readonly traffic: Traffic;
  readonly config: SnapshotCell<ProxySnapshot>;
  /** Each line, parsed. */
  readonly log: readonly LogLine[];
}

/** Starts the data path with these listeners. */
export async function startTraffic(
  cleanup: Cleanup,
  listeners: readonly Listener[],
  options: Partial<TrafficOptions> = {},
): Promise<TestTraffic> {
  const log: LogLine[] = [];
  const config = snapshotCell<ProxySnapshot>({ listeners, clusters: new Map() });
  const traffic = serveTraffic({
    config,
    accessLog: { write: (line) => log.push(readLogLine(line)), dropped: 0, close: () => Promise.resolve() },
    clock: systemClock,
    random: Math.random,
    applicationAddress: "127.0.0.1",
    podAddress: "127.0.0.1",
    ...options,
  });
  cleanup.add(() => traffic.close());
  await traffic.listening();
  return { traffic, config, log };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}
