import { PassThrough, Writable, type Readable } from "node:stream";
import type { RawData, WebSocket } from "ws";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
/** Version 5 only: the next byte names the channel that ends. */
const CLOSE = 255;

/**
 * The streams of one command over a WebSocket: the first byte of each message is the channel's number.
 * Source: Kubernetes, `v4.channel.k8s.io` and `v5.channel.k8s.io`.
 */
export interface Channels {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Sends the outcome, then closes. */
  finish(status: object): void;
}

/** Takes a WebSocket apart into its channels. */
export function openChannels(socket: WebSocket): Channels {
  const stdin = new PassThrough();
  stdin.on("error", () => undefined); // the command ended without reading all of its input
  socket.on("message", (data) => receive(socket, stdin, bytesOf(data)));
  socket.on("close", () => stdin.end());
  return {
    stdin,
    stdout: channelWriter(socket, STDOUT),
    stderr: channelWriter(socket, STDERR),
    finish(status) {
      const text = Buffer.from(JSON.stringify(status));
      socket.send(Buffer.concat([Buffer.of(ERROR), text]), () => socket.close(1000));
    },
  };
}

function receive(socket: WebSocket, stdin: PassThrough, message: Buffer): void {
  const [channel, ended] = message;
  if (channel === CLOSE && ended === STDIN) stdin.end();
  if (channel !== STDIN || message.length === 1 || stdin.writableEnded) return;
  if (stdin.write(message.subarray(1))) return;
  socket.pause(); // whoever types faster than the command reads has to wait
  stdin.once("drain", () => socket.resume());
}

function channelWriter(socket: WebSocket, channel: number): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      // Where nobody listens any more the signal ends the command.
      if (socket.readyState !== socket.OPEN) done();
      else socket.send(Buffer.concat([Buffer.of(channel), chunk]), () => done());
    },
  });
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
