import type { IncomingMessage } from "node:http";
import type { Readable, Writable } from "node:stream";
import { RESOURCES, type Status } from "@bookmesh/kube-api";
import type { WebSocket } from "ws";
import { failureOf } from "./answers.ts";
import { KubeError } from "./kube-client.ts";
import type { KubeConfig } from "./kube-config.ts";
import { objectPath } from "./resource-path.ts";
import { tlsOptions, transport, unreachable } from "./transport.ts";

/** A command and where to run it. */
export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the pod's only or default container. */
  readonly container?: string;
  readonly command: readonly string[];
}

/** Where the command reads and writes. */
export interface ExecStreams {
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** A terminal: one output stream, line editing by the far side. */
  readonly tty?: boolean;
  readonly signal?: AbortSignal;
}

/** What the first byte of each frame means. Source: Kubernetes, `v4.channel.k8s.io` and `v5.channel.k8s.io`. */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Version 5 adds the end of standard input. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

const HANDSHAKE_TIMEOUT_MS = 30_000;

/** Runs a command in a container and resolves with its exit code. Throws `KubeError` where it could not be run. */
export async function execInPod(
  config: KubeConfig,
  target: ExecTarget,
  streams: ExecStreams,
): Promise<number> {
  const { WebSocket } = await import("ws"); // most clients run nothing in pods
  const socket = new WebSocket(execUrl(config, target, streams), PROTOCOLS, {
    ...tlsOptions(config),
    headers: await transport(config).authorization(),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  const giveUp = () => socket.terminate();
  streams.signal?.addEventListener("abort", giveUp, { once: true });
  try {
    return await converse(socket, config, streams);
  } finally {
    streams.signal?.removeEventListener("abort", giveUp);
    socket.terminate();
  }
}

function execUrl(config: KubeConfig, target: ExecTarget, streams: ExecStreams): string {
  const path = objectPath(RESOURCES.pods, { namespace: target.namespace, name: target.pod }, "exec");
  const query = new URLSearchParams([
    ...target.command.map((word): [string, string] => ["command", word]),
    ...(target.container === undefined ? [] : [["container", target.container] as [string, string]]),
    ["stdin", String(streams.stdin !== undefined)],
    ["stdout", "true"],
    ["stderr", String(streams.tty !== true)],
    ["tty", String(streams.tty === true)],
  ]);
  return `${config.server.replace(/^http/, "ws")}${path}?${query.toString()}`;
}

function converse(socket: WebSocket, config: KubeConfig, streams: ExecStreams): Promise<number> {
  let exit: Status | undefined;
  return new Promise((resolve, reject) => {
    socket.on("unexpected-response", (_request, answer: IncomingMessage) => {
      failureOf(answer).then(reject, reject);
    });
    socket.on("error", (error) => reject(unreachable(config.server, error)));
    socket.on("open", () => {
      if (streams.stdin) pumpInput(socket, streams.stdin).catch(reject);
    });
    socket.on("message", (data: Buffer) => {
      const payload = data.subarray(1);
      if (data[0] === CHANNEL.stdout) forward(socket, streams.stdout, payload);
      else if (data[0] === CHANNEL.stderr) forward(socket, streams.stderr, payload);
      // The API server is the authority on the shape of its own Status.
      else if (data[0] === CHANNEL.status) exit = JSON.parse(payload.toString("utf8")) as Status;
    });
    socket.on("close", () => {
      if (streams.signal?.aborted) reject(new Error("The command was given up."));
      else if (!exit) reject(new Error("The connection ended before the command did."));
      else settle(exit, resolve, reject);
    });
  });
}

/** Stops reading from the far side while the near side is full. */
function forward(socket: WebSocket, to: Writable, payload: Buffer): void {
  if (payload.length === 0 || to.write(payload)) return;
  socket.pause();
  to.once("drain", () => socket.resume());
}

async function pumpInput(socket: WebSocket, stdin: Readable): Promise<void> {
  for await (const chunk of stdin) {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    await send(socket, Buffer.concat([Buffer.of(CHANNEL.stdin), bytes]));
  }
  if (socket.protocol === PROTOCOLS[0]) await send(socket, Buffer.of(CHANNEL.close, CHANNEL.stdin));
}

function send(socket: WebSocket, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    // An error here ends the socket too, which is told there.
    socket.send(frame, () => resolve());
  });
}

function settle(status: Status, resolve: (exitCode: number) => void, reject: (error: Error) => void): void {
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (status.status === "Success") resolve(0);
  else if (code !== undefined) resolve(Number(code));
  else reject(new KubeError(status));
}
