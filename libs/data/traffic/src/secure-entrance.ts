import { AccessLine } from "./access-line.ts";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { SecureChain } from "@bookmesh/proxy-core/tls";
import { awaitClientHello, TlsFront, type FirstBytes } from "@bookmesh/tls";
import { addressesOf, serveClient, type ClientOptions } from "./serve-client.ts";
import type { RefusalReason } from "./traffic-stats.ts";

/** Where a listener says nothing else, a ClientHello is waited for so long; Envoy's. */
const HELLO_TIMEOUT_MS = 15_000;

/**
 * The way in to a listener with secure chains: a client's first bytes choose the chain, by the server name that it asks
 * for, and TLS ends here or at the upstream. Who begins without TLS is served by the listener's other chains.
 */
export class SecureEntrance {
  readonly #options: ClientOptions;
  readonly #front: TlsFront;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#front = new TlsFront({
      onSecure: (socket) => this.#serve(socket),
      onFailed: (_, socket) => this.#refuse(socket, "failed handshake", nameOf(socket)),
    });
  }

  /** Takes an accepted connection. */
  take(socket: Socket): void {
    // Whatever happens to it shows as its close; an error that nobody hears would end the process.
    socket.on("error", () => undefined);
    const { timeoutMs = HELLO_TIMEOUT_MS } = this.#options.chains().inspection ?? {};
    awaitClientHello(socket, timeoutMs || HELLO_TIMEOUT_MS, (found, early) =>
      this.#decide(socket, found, early),
    );
  }

  #decide(socket: Socket, found: FirstBytes, early: Buffer): void {
    switch (found.kind) {
      case "hello":
        this.#onHello(socket, found.serverName, early);
        return;
      case "other":
        if (this.#options.chains().http ?? this.#options.chains().tcp)
          serveClient(socket, this.#options, early);
        else this.#refuse(socket, "no TLS on a port for TLS");
        return;
      case "malformed":
        this.#refuse(socket, "unreadable ClientHello");
        return;
      case "slow":
        this.#refuse(socket, "slow ClientHello");
        return;
    }
  }

  #onHello(socket: Socket, serverName: string, early: Buffer): void {
    const chain = this.#options.chains().secure?.find(serverName);
    if (!chain) this.#refuse(socket, "unknown server name", serverName);
    else if (!chain.tls)
      serveClient(socket, { ...this.#options, chains: this.#chainsFor(serverName, chain) }, early);
    else if (chain.tls.keyPair)
      this.#front.accept(socket, { keyPair: chain.tls.keyPair, settings: chain.tls.settings }, early);
    else this.#refuse(socket, "no certificate yet", serverName);
  }

  /** The handshake is done: from here on it is a client as any other. */
  #serve(socket: TLSSocket): void {
    const serverName = nameOf(socket);
    this.#options.path.counters.tlsHandshakes++;
    const chain = this.#options.chains().secure?.find(serverName);
    if (!chain) {
      socket.destroy(); // its chain has gone meanwhile
      return;
    }
    const early: unknown = socket.read();
    const options = { ...this.#options, serverName, chains: this.#chainsFor(serverName, chain) };
    serveClient(socket, options, early instanceof Uint8Array ? early : undefined);
  }

  /** The chain for a name as the newest snapshot has it; the last one, where there is none any more. */
  #chainsFor(serverName: string, first: SecureChain): () => SecureChain {
    let listener = this.#options.chains();
    let chain = first;
    return () => {
      const newest = this.#options.chains();
      if (newest !== listener) {
        listener = newest;
        chain = newest.secure?.find(serverName) ?? chain;
      }
      return chain;
    };
  }

  /** Closes, counts, and writes a line: nobody else would tell why. */
  #refuse(socket: Socket, reason: RefusalReason, serverName?: string): void {
    const { path, chains } = this.#options;
    path.counters.refuse(reason);
    const { remote, local } = addressesOf(socket, undefined);
    socket.destroy();
    if (!chains().secure?.writesAccessLog) return;
    const line = new AccessLine();
    line.beginUnread(path.options.clock.now());
    const ended = line.end({
      ...UNANSWERED,
      responseFlags: reason === "unknown server name" ? "NR" : "-",
      downstreamRemoteAddress: remote,
      downstreamLocalAddress: local,
      requestedServerName: serverName,
      terminationDetails: reason,
    });
    path.options.accessLog.write(ended);
  }
}

/** What a line tells of a connection that never came to a request. */
const UNANSWERED = {
  responseCode: 0,
  bytesReceived: 0,
  bytesSent: 0,
  duration: 0,
  upstreamHost: "",
  upstreamCluster: "",
  routeName: "",
  attemptCount: 0,
} as const;

/** The name that a client asked for; Node says `false` where it asked for none. */
function nameOf(socket: TLSSocket): string {
  const name: unknown = Reflect.get(socket, "servername");
  return typeof name === "string" ? name.toLowerCase() : "";
}
