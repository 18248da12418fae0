import { setTimeout as delay } from "node:timers/promises";
import { err, messageOf, ok, type Result } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { Server, status, type ServerCredentials } from "@grpc/grpc-js";
import type { adsService, AdsStream, StreamResponse } from "./ads-protocol.ts";
import { checkCaller, parseNodeId, type Caller } from "./caller.ts";
import { isTool, metadataText, type ConnectedNode } from "./connected-node.ts";
import type { Connection } from "./connection.ts";
import type { StreamRequest } from "./discovery-request.ts";
import { releaseRequest, widenWindow } from "./long-requests.ts";
import type { Authenticate } from "./token-authenticator.ts";

/** What the server needs of the rest of the control plane. */
export interface AdsServerOptions {
  readonly log: Logger;
  readonly service: ReturnType<typeof adsService>;
  /** Absent on the plaintext port, which exists for tests only and listens on loopback. */
  readonly authenticate?: Authenticate;
  /** Makes a proxy's connection and adds it to the directory; returns what takes it out again. */
  readonly connect: (
    node: ConnectedNode,
    write: (response: StreamResponse) => void,
  ) => { readonly connection: Connection; readonly disconnect: () => void };
  /** Answers a question of a tool, `istio.io/debug…`. */
  readonly answerTool: (request: StreamRequest) => StreamResponse | undefined;
  /** Told of each stream whose caller could not prove itself. */
  readonly onRefused: () => void;
}

/** A request is a node, some names and a nonce; the largest lists the endpoints of a whole mesh. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** A proxy needs one stream; a connection that wants many is not a proxy. */
const MAX_STREAMS_PER_CONNECTION = 16;
/** A half-open connection is noticed after 30 + 10 s. */
const KEEPALIVE_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
/**
 * A connection ends after this and is made anew, to whichever istiod the Service chooses and with a token that still
 * holds; gRPC adds a tenth of chance, so that proxies do not come together. Istio's own default.
 */
const MAX_CONNECTION_AGE_MS = 30 * 60_000;
/** So long its streams may go on then. */
const MAX_CONNECTION_AGE_GRACE_MS = 10_000;
/** The types that tools ask for, beside the resources of proxies. */
const TOOL_TYPES = "istio.io/";
/** How long clients may take to close streams that were ended. */
const STOP_PATIENCE_MS = 2_000;

/** A server of ADS. */
export interface AdsServer {
  /** Binds and returns the port; may be called for several addresses. */
  listen(address: string, credentials: ServerCredentials): Promise<number>;
  /** Takes no new streams, ends the open ones, and resolves when they are closed. */
  stop(): Promise<void>;
}

/** A gRPC server that offers ADS to whoever can prove who it is. */
export function adsServer(options: AdsServerOptions): AdsServer {
  const streams = new Set<AdsStream>();
  const server = new Server({
    "grpc.max_receive_message_length": MAX_REQUEST_BYTES,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": KEEPALIVE_MS,
    "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.max_connection_age_ms": MAX_CONNECTION_AGE_MS,
    "grpc.max_connection_age_grace_ms": MAX_CONNECTION_AGE_GRACE_MS,
  });
  server.addService(options.service, {
    streamAggregatedResources: (stream: AdsStream) => {
      streams.add(stream);
      // A stream that breaks needs no word of ours; without a listener it would end the process.
      stream.on("error", () => undefined);
      serveStream(stream, options)
        .catch((error: unknown) => {
          options.log.error({ err: error }, "An ADS stream failed.");
          refuse(stream, status.INTERNAL, "The control plane failed; its log says why.");
        })
        .finally(() => streams.delete(stream));
    },
  });
  return {
    listen: (address, credentials) => listen(server, address, credentials),
    async stop() {
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      for (const stream of streams) stream.end();
      await Promise.race([closed, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
      server.forceShutdown();
    },
  };
}

function listen(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

async function serveStream(stream: AdsStream, options: AdsServerOptions): Promise<void> {
  const caller = await callerOf(stream, options);
  if (!caller.ok) {
    options.onRefused();
    refuse(stream, caller.error.code, caller.error.details);
    return;
  }
  // Nothing tells later that a client has hung up already.
  if (stream.cancelled) return;
  widenWindow(stream);
  const closed = closing(stream);
  const conversation = converse(stream, caller.value, options);
  stream.on("data", (request: StreamRequest) => {
    releaseRequest(stream);
    try {
      conversation.take(request);
    } catch (error) {
      options.log.error({ err: error }, "A request of an ADS stream failed.");
      refuse(stream, status.INTERNAL, "The control plane failed; its log says why.");
    }
  });
  stream.on("end", () => stream.end());
  await closed;
  conversation.end();
}

/** What is said on one stream, until it ends or is refused. */
interface Conversation {
  take(request: StreamRequest): void;
  end(): void;
}

function converse(
  stream: AdsStream,
  caller: Caller | undefined,
  { connect, answerTool, onRefused }: AdsServerOptions,
): Conversation {
  let ended = false;
  let connected: ReturnType<AdsServerOptions["connect"]> | undefined;
  return {
    take(request) {
      // What arrives after a refusal was sent before it was read.
      if (ended) return;
      if (request.typeUrl.startsWith(TOOL_TYPES)) {
        replyToTool(stream, request, answerTool);
        return;
      }
      const node = connected ? undefined : nodeOf(request, caller);
      if (node?.ok === false) {
        ended = true;
        onRefused();
        refuse(stream, status.UNAUTHENTICATED, node.error);
        return;
      }
      if (node) connected = connect(node.value, (response) => stream.write(response));
      connected?.connection.receive(request);
    },
    end() {
      ended = true;
      connected?.disconnect();
    },
  };
}

function closing(stream: AdsStream): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["close", "finish", "cancelled", "error"]) stream.once(event, () => resolve());
  });
}

interface Refusal {
  readonly code: status;
  readonly details: string;
}

async function callerOf(
  stream: AdsStream,
  { authenticate, log }: AdsServerOptions,
): Promise<Result<Caller | undefined, Refusal>> {
  if (authenticate === undefined) return ok(undefined);
  const [header] = stream.metadata.get("authorization");
  const token = typeof header === "string" ? /^Bearer (\S+)$/i.exec(header)?.[1] : undefined;
  if (token === undefined)
    return unauthenticated('The call has no "authorization: Bearer" token of audience "istio-ca".');
  try {
    const caller = await authenticate(token);
    return caller.ok ? caller : unauthenticated(caller.error);
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "A caller's token could not be reviewed; it may come again.");
    return err({ code: status.UNAVAILABLE, details: "No token can be reviewed at present; try again." });
  }
}

function unauthenticated(details: string): Result<never, Refusal> {
  return err({ code: status.UNAUTHENTICATED, details });
}

function nodeOf({ node }: StreamRequest, caller: Caller | undefined): Result<ConnectedNode, string> {
  if (node === undefined) return err("The first request of a stream must name its node.");
  const parsed = parseNodeId(node.id);
  if (!parsed.ok) return parsed;
  const claimed = metadataText(node.metadata, "SERVICE_ACCOUNT");
  const checked = caller && !isTool(node) ? checkCaller(parsed.value, claimed, caller) : ok(undefined);
  if (!checked.ok) return checked;
  return ok({ id: node.id, parsed: parsed.value, caller, metadata: node.metadata ?? {} });
}

function replyToTool(
  stream: AdsStream,
  request: StreamRequest,
  answerTool: AdsServerOptions["answerTool"],
): void {
  // A tool confirms what it got by repeating the type; it wants no second answer.
  if (request.versionInfo !== "" || request.errorMessage !== undefined) return;
  const answer = answerTool(request);
  if (answer) stream.write(answer);
  else refuse(stream, status.UNIMPLEMENTED, `Nothing is served as ${request.typeUrl}.`);
}

function refuse(stream: AdsStream, code: status, details: string): void {
  stream.emit("error", { code, details });
}
