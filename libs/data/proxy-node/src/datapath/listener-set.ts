import { createServer, type Server } from "node:net";
import type { Listener } from "@bookmesh/proxy-core";
import type { DownstreamConnection } from "./downstream-connection.ts";
import { serveClient, type ClientOptions } from "./serve-client.ts";

/** Connections that the kernel keeps for us to accept. */
const BACKLOG = 1_024;

interface OpenListener {
  listener: Listener;
  readonly server: Server;
  readonly listening: Promise<void>;
}

/** The sockets that listen, by address and port. A listener whose configuration changes keeps its socket. */
export class ListenerSet {
  readonly connections = new Set<DownstreamConnection>();
  readonly #open = new Map<string, OpenListener>();
  readonly #options: Omit<ClientOptions, "listener" | "connections">;
  readonly #sockets = new Set<{ destroy(): void }>();

  constructor(options: Omit<ClientOptions, "listener" | "connections">) {
    this.#options = options;
  }

  /** Opens and closes sockets until they are those that the snapshot wants. */
  follow(listeners: readonly Listener[]): void {
    const wanted = new Map(listeners.map((listener) => [`${listener.address}:${listener.port}`, listener]));
    for (const [key, { server }] of this.#open) {
      if (wanted.has(key)) continue;
      server.close();
      this.#open.delete(key);
    }
    for (const [key, listener] of wanted) {
      const open = this.#open.get(key);
      if (open) open.listener = listener;
      else this.#open.set(key, this.#listen(listener));
    }
  }

  async listening(): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), ({ listening }) => listening));
  }

  /** Takes no further connections; those that are open go on. */
  stopAccepting(): void {
    for (const { server } of this.#open.values()) server.close();
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  close(): void {
    this.stopAccepting();
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(listener: Listener): OpenListener {
    const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true });
    const listening = new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.on("error", reject); // later errors concern single accepts and change nothing here
    });
    listening.catch(() => undefined); // heard by whoever asks `listening()`
    const open: OpenListener = { listener, server, listening };
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      serveClient(socket, { ...this.#options, connections: this.connections, listener: () => open.listener });
    });
    server.listen({ host: listener.address, port: listener.port, backlog: BACKLOG });
    return open;
  }
}
