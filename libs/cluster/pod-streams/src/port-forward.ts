import { finished } from "node:stream/promises";
import { badRequest } from "@bookmesh/cluster-api";
import { serveSpdy } from "./spdy/serve-spdy.ts";
import type { SpdyStream } from "./spdy/spdy-stream.ts";
import type { Duplex } from "node:stream";
import { messageOf } from "@bookmesh/kernel";
import { createWebSocketStream, type WebSocket } from "ws";
import { at, textOf } from "@bookmesh/kube-model";
import { runtimeOf, type PodHost, type StreamRequest } from "./pod-target.ts";

/** SPDY's bytes as the messages of a WebSocket. Source: Kubernetes, KEP-4006. */
export const FORWARD_PROTOCOLS: readonly string[] = ["SPDY/3.1+portforward.k8s.io"];

const MAX_PORT = 65_535;

/** One forwarded connection: Kubernetes takes two streams for each. */
interface Connection {
  readonly port: number;
  readonly data: SpdyStream;
  readonly error: SpdyStream;
}

/** Forwards connections to the ports of a pod. */
export function prepareForwarding(
  host: PodHost,
  { pod, object }: StreamRequest,
): (client: WebSocket) => Promise<void> {
  const phase = textOf(at(object, "status", "phase"));
  if (phase !== "Running") {
    throw badRequest(
      `unable to forward port because pod is not running. Current status=${phase || "Unknown"}`,
    );
  }
  runtimeOf(host);
  return async (client) => {
    const pairs = pairStreams((connection) => void forward(host, pod, connection));
    // The client went away, or does not speak SPDY: in both cases there is nobody to tell.
    await serveSpdy(createWebSocketStream(client), pairs).catch(() => client.terminate());
  };
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

async function forward(
  host: PodHost,
  pod: StreamRequest["pod"],
  { port, data, error }: Connection,
): Promise<void> {
  error.resume(); // the client has nothing to say there, and its end must be heard
  try {
    const socket = await runtimeOf(host).connect({ pod, port });
    await join(data, socket);
  } catch (problem) {
    const reason = messageOf(problem);
    error.write(`error forwarding port ${port} to pod ${pod.name}: ${reason}`);
  }
  data.end();
  data.resume();
  error.end();
}

/** Each one's data and end go to the other. Resolves when the pod's side is over; what breaks one ends both. */
async function join(data: Duplex, socket: Duplex): Promise<void> {
  data.pipe(socket);
  socket.pipe(data, { end: false });
  data.once("close", () => socket.destroy());
  await finished(socket, { writable: false }).catch(() => data.destroy());
  socket.destroy();
}
