import type { IncomingMessage } from "node:http";
import { badRequest, noSuchResource, tooManyRequests } from "@bookmesh/cluster-api";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { EXEC_PROTOCOLS, prepareCommand } from "./exec.ts";
import { FORWARD_PROTOCOLS, prepareForwarding } from "./port-forward.ts";
import type { PodHost, StreamRequest } from "./pod-target.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A client that has vanished while its input waits is found by asking it. */
const PING_INTERVAL_MS = 30_000;
/** How many commands and forwardings may run at once. */
const MAX_STREAMS = 500;

/** An upgrade as the server hears of it. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** A stream as a client asks for it: `exec` and `portforward` are served. */
export interface WantedStream extends StreamRequest {
  readonly subresource: string | undefined;
}

/** What the streams are served with. */
export interface StreamOptions extends PodHost {
  /** Finds out who asks and for which pod. Throws the refusal. */
  readonly find: (request: IncomingMessage) => WantedStream;
  /** Ends all streams. */
  readonly closing: AbortSignal;
}

/** Reads a request, or throws what is wrong with it; then speaks with the client. */
type Preparation = (host: PodHost, request: StreamRequest) => (client: WebSocket) => Promise<void>;

interface Service {
  readonly prepare: Preparation;
  /** Newest first: the first that the client offers is taken. */
  readonly protocols: readonly string[];
}

const SERVICES: ReadonlyMap<string | undefined, Service> = new Map([
  ["exec", { prepare: prepareCommand, protocols: EXEC_PROTOCOLS }],
  ["portforward", { prepare: prepareForwarding, protocols: FORWARD_PROTOCOLS }],
]);

/** Makes the handler of upgrades: streams into pods over WebSockets; everything else is refused as a plain answer. */
export function upgradeHandler(options: StreamOptions): (upgrade: Upgrade) => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  // The library takes no name with a slash in it, which SPDY's has: what it is told of protocols stays here.
  const protocols = new WeakMap<IncomingMessage, string>();
  sockets.on("headers", (headers, request) => {
    headers.push(`Sec-WebSocket-Protocol: ${protocols.get(request) ?? ""}`);
  });
  options.closing.addEventListener("abort", () => sockets.clients.forEach((client) => client.terminate()));
  return ({ request, socket, head }) => {
    socket.on("error", () => socket.destroy()); // the client went away
    try {
      if (sockets.clients.size >= MAX_STREAMS) throw tooManyRequests("too many streams are open", 1);
      const { speak, protocol } = prepare(options, request);
      protocols.set(request, protocol);
      delete request.headers["sec-websocket-protocol"];
      sockets.handleUpgrade(request, socket, head, (client) => {
        watchOver(client);
        void speak(client);
      });
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  };
}

interface Prepared {
  readonly speak: ReturnType<Preparation>;
  readonly protocol: string;
}

function prepare(options: StreamOptions, request: IncomingMessage): Prepared {
  const { subresource, ...wanted } = options.find(request);
  const service = SERVICES.get(subresource);
  if (!service) throw noSuchResource();
  const speak = service.prepare(options, wanted);
  return { speak, protocol: chooseProtocol(request, service.protocols) };
}

/** Comes last: a client that falls back to SPDY still hears what else is wrong. */
function chooseProtocol({ headers }: IncomingMessage, protocols: readonly string[]): string {
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    throw badRequest(`only WebSocket upgrades are served here: use a client that speaks ${protocols[0]}`);
  }
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
  const chosen = protocols.find((protocol) => offered.includes(protocol));
  if (chosen === undefined)
    throw badRequest(`the client must offer one of the protocols ${protocols.join(", ")}`);
  return chosen;
}

function watchOver(client: WebSocket): void {
  const pings = setInterval(() => client.ping(), PING_INTERVAL_MS);
  client.on("close", () => clearInterval(pings));
  client.on("error", () => client.terminate());
}
