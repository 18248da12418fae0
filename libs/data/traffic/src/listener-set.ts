import { createServer, type Server, type Socket } from "node:net";
import {
  indexDestinations,
  type ChainSet,
  type Destinations,
  type Listener,
  type SocketPlace,
} from "@bookmesh/proxy-core";
import { admitLast } from "./admit-last.ts";
import type { BarHandshakes } from "./bar-handshakes.ts";
import type { DownstreamConnection } from "./downstream-connection.ts";
import type { FindDestination } from "./original-destination.ts";
import { SecureEntrance } from "./secure-entrance.ts";
import { serveClient, type ServingParts } from "./serve-client.ts";

/** Connections that the kernel keeps for us to accept. */
const BACKLOG = 1_024;

interface OpenListener {
  listener: Listener;
  isClosed: boolean;
  readonly server: Server;
  readonly listening: Promise<void>;
}

/** One socket that a listener wants. */
interface WantedSocket extends SocketPlace {
  readonly listener: Listener;
  readonly isRedirected: boolean;
}

/** The sockets that listen, by address and port. A listener whose configuration changes keeps its socket. */
export class ListenerSet {
  readonly connections = new Set<DownstreamConnection>();
  readonly #open = new Map<string, OpenListener>();
  readonly #parts: ServingParts;
  readonly #loadFindDestination: () => Promise<FindDestination>;
  readonly #sockets = new Set<Socket>();
  #listeners: readonly Listener[] = [];
  #destinations: Destinations = indexDestinations([]);
  #hasClosedEntrances = false;

  constructor(parts: Omit<ServingParts, "connections">, loadFindDestination: () => Promise<FindDestination>) {
    this.#parts = { ...parts, connections: this.connections };
    this.#loadFindDestination = loadFindDestination;
  }

  /** Opens and closes sockets until they are those that the snapshot wants. */
  follow(listeners: readonly Listener[]): void {
    this.#listeners = listeners;
    this.#destinations = indexDestinations(listeners);
    const { path } = this.#parts;
    const accepting = listeners.filter(
      ({ direction }) => !this.#hasClosedEntrances || !path.isEntrance(direction),
    );
    const wanted = new Map(accepting.flatMap(socketsOf).map((socket) => [keyOf(socket), socket]));
    for (const [key, open] of this.#open) {
      if (wanted.has(key)) continue;
      closeListener(open);
      this.#open.delete(key);
    }
    for (const [key, socket] of wanted) {
      const open = this.#open.get(key);
      if (open) open.listener = socket.listener;
      else this.#open.set(key, this.#listen(socket));
    }
  }

  async listening(): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), ({ listening }) => listening));
  }

  /** Lets connections at entrances end at their next long pause: no answer may ever tell their clients. */
  shortenPauses(): void {
    for (const connection of this.connections) {
      if (this.#parts.path.isEntrance(connection.direction)) connection.shortenPause();
    }
  }

  /** Takes no further connections at entrances. Who is connected as far as the kernel has told them is let in first. */
  async closeEntrances(bar: BarHandshakes): Promise<void> {
    const { path } = this.#parts;
    const entrances = [...this.#open.values()].filter(({ listener }) => path.isEntrance(listener.direction));
    await admitLast(
      entrances.map(({ server }) => server),
      bar,
    );
    this.#hasClosedEntrances = true;
    this.follow(this.#listeners);
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  close(): void {
    this.follow([]);
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen({ listener, address, port, isRedirected }: WantedSocket): OpenListener {
    const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true });
    const listening = this.#serve(server, { address, port, isRedirected }, () => open);
    listening.catch(() => undefined); // heard by whoever asks `listening()`
    const open: OpenListener = { listener, isClosed: false, server, listening };
    return open;
  }

  async #serve(
    server: Server,
    { address, port, isRedirected }: Omit<WantedSocket, "listener">,
    open: () => OpenListener,
  ): Promise<void> {
    const findDestination = isRedirected ? await this.#loadFindDestination() : undefined;
    if (isRedirected && open().isClosed) return; // nobody wants it any more
    const accepting = () => open().listener;
    const secure = new SecureEntrance({ ...this.#parts, chains: accepting, destination: undefined });
    server.on("connection", (socket) => {
      this.#count(socket);
      const destination = findDestination?.(socket);
      const chains = destination ? this.#chainsOf(accepting, destination) : accepting;
      if (!destination && accepting().secure) secure.take(socket);
      else serveClient(socket, { ...this.#parts, chains, destination });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.on("error", reject); // later errors concern single accepts and change nothing here
      server.listen({ host: address, port, backlog: BACKLOG, ipv6Only: address === "::" });
    });
  }

  #count(socket: Socket): void {
    const { counters } = this.#parts.path;
    counters.downstreamConnections++;
    counters.downstreamConnectionsTotal++;
    this.#sockets.add(socket);
    socket.once("close", () => {
      counters.downstreamConnections--;
      this.#sockets.delete(socket);
    });
  }

  /**
   * What serves a redirected connection, looked up once a snapshot. HTTP keeps its routes to the end of the connection
   * even where the listener that they came from has gone.
   */
  #chainsOf(accepting: () => Listener, destination: SocketPlace): () => ChainSet {
    let destinations = this.#destinations;
    let chains = destinations.find(accepting(), destination);
    return () => {
      if (destinations === this.#destinations) return chains;
      destinations = this.#destinations;
      const next = destinations.find(accepting(), destination);
      if (next.http || !chains.http) chains = next;
      return chains;
    };
  }
}

function closeListener(open: OpenListener): void {
  open.isClosed = true;
  open.server.close();
}

function socketsOf(listener: Listener): readonly WantedSocket[] {
  if (listener.hasSocket === false) return [];
  const isRedirected = (listener.redirection ?? "none") !== "none";
  return [listener, ...(listener.additionalAddresses ?? [])].map(({ address, port }) => ({
    address,
    port,
    listener,
    isRedirected,
  }));
}

function keyOf({ address, port, isRedirected }: WantedSocket): string {
  return `${address}:${port}${isRedirected ? " redirected" : ""}`;
}
