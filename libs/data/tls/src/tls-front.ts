import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { KeyPair, TlsSettings } from "@bookmesh/proxy-core/tls";

/** From the first byte of a handshake to its last. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Settings that one key pair is kept ready for; the oldest are forgotten first. */
const MAX_SETTINGS = 64;

/** What a front tells. */
export interface TlsFrontEvents {
  /** The handshake is done; `socket` speaks in the clear from here on. */
  readonly onSecure: (socket: TLSSocket) => void;
  /** The handshake failed; the connection is closed. */
  readonly onFailed: (error: Error, socket: TLSSocket) => void;
}

/**
 * Ends TLS on accepted sockets. What OpenSSL needs is made once for each certificate and its settings; a certificate
 * that is replaced serves the connections that it has to their end. Each has ticket keys of its own: a session that was
 * begun under one name is never resumed under another.
 */
export class TlsFront {
  readonly #events: TlsFrontEvents;
  readonly #servers = new WeakMap<KeyPair, Map<string, Server>>();

  constructor(events: TlsFrontEvents) {
    this.#events = events;
  }

  /** Takes a paused socket over; `early` has been read from it. */
  accept(
    socket: Socket,
    { keyPair, settings }: { readonly keyPair: KeyPair; readonly settings: TlsSettings },
    early: Uint8Array,
  ): void {
    const server = this.#serverOf(keyPair, settings);
    socket.allowHalfOpen = false; // who ends within a handshake has gone
    socket.unshift(early); // Node reads it in the next tick, before anything else
    server.emit("connection", socket);
  }

  #serverOf(keyPair: KeyPair, settings: TlsSettings): Server {
    const servers = this.#servers.get(keyPair) ?? new Map<string, Server>();
    this.#servers.set(keyPair, servers);
    const key = JSON.stringify(settings);
    let server = servers.get(key);
    if (!server) {
      server = this.#newServer(keyPair, settings);
      servers.set(key, server);
      for (const oldest of servers.keys()) {
        if (servers.size <= MAX_SETTINGS) break;
        servers.delete(oldest);
      }
    }
    return server;
  }

  /** A server that never listens: it is given its connections. */
  #newServer({ certificateChain, privateKey }: KeyPair, settings: TlsSettings): Server {
    const server = createServer({
      cert: certificateChain,
      key: privateKey,
      minVersion: settings.minimumVersion,
      maxVersion: settings.maximumVersion,
      ...(settings.applicationProtocols.length > 0 && { ALPNProtocols: [...settings.applicationProtocols] }),
      // Renegotiation would let a client have as many handshakes as it likes on one connection.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      honorCipherOrder: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    server.on("secureConnection", (socket) => {
      socket.allowHalfOpen = true;
      this.#events.onSecure(socket);
    });
    server.on("tlsClientError", this.#events.onFailed);
    return server;
  }
}
