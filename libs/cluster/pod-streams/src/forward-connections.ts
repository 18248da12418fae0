import { finished } from "node:stream/promises";
import type { Duplex } from "node:stream";
import { messageOf } from "@bookmesh/kernel";
import { serveSpdy } from "./spdy/serve-spdy.ts";
import type { SpdyStream } from "./spdy/spdy-stream.ts";

const MAX_PORT = 65_535;

/** The pod that forwarded connections lead to. */
export interface ForwardTarget {
  readonly name: string;
  /** Connects to a port of it. Rejects with a sentence. */
  readonly connect: (port: number) => Promise<Duplex>;
}

/** One forwarded connection: Kubernetes takes two streams for each. */
interface Connection {
  readonly port: number;
  readonly data: SpdyStream;
  readonly error: SpdyStream;
}

/**
 * Forwards the connections that a client opens in its session. Resolves when the session is over, and rejects where the
 * client does not speak SPDY; either way no connection is left.
 */
export function forwardConnections(session: Duplex, target: ForwardTarget): Promise<void> {
  const pairs = pairStreams((connection) => void forward(target, connection));
  return serveSpdy(session, pairs);
}

/** Puts the streams of a connection together; each names its kind, its port and the connection's number. */
function pairStreams(onConnection: (connection: Connection) => void): (stream: SpdyStream) => void {
  const waiting = new Map<string, SpdyStream>();
  return (stream) => {
    stream.on("error", () => stream.destroy());
    const kind = stream.headers.get("streamtype");
    const port = Number(stream.headers.get("port"));
    const number = stream.headers.get("requestid") ?? "";
    const isUsable = kind === "data" || kind === "error";
    if (!isUsable || !Number.isInteger(port) || port < 1 || port > MAX_PORT) {
      stream.destroy();
      return;
    }
    const other = waiting.get(number);
    if (other === undefined || other.headers.get("streamtype") === kind) {
      waiting.set(number, stream);
      stream.once("close", () => waiting.delete(number));
      return;
    }
    waiting.delete(number);
    onConnection(
      kind === "data" ? { port, data: stream, error: other } : { port, data: other, error: stream },
    );
  };
}

async function forward({ name, connect }: ForwardTarget, { port, data, error }: Connection): Promise<void> {
  error.resume(); // the client has nothing to say there, and its end must be heard
  try {
    await join(data, await connect(port));
  } catch (problem) {
    error.write(`error forwarding port ${port} to pod ${name}: ${messageOf(problem)}`);
  }
  data.end();
  data.resume();
  error.end();
}

/** Each one's data and end go to the other. Resolves when the pod's side is over; what breaks one ends both. */
async function join(data: Duplex, socket: Duplex): Promise<void> {
  data.pipe(socket);
  socket.pipe(data, { end: false });
  if (data.destroyed) socket.destroy(); // the client gave it up while the pod was being reached
  data.once("close", () => socket.destroy());
  await finished(socket, { writable: false }).catch(() => data.destroy());
  socket.destroy();
}
