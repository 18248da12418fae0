import type { SubscriptionRequest } from "@bookmesh/discovery";
import { readFile } from "node:fs/promises";
import { create } from "@bufbuild/protobuf";
import { backoffMs, type Clock, type Random, messageOf } from "@bookmesh/kernel";
import {
  AggregatedDiscoveryService,
  DiscoveryRequestSchema,
  type DiscoveryRequest,
  type DiscoveryResponse,
  type Node,
} from "@bookmesh/xds-api";
import { Client, Metadata, credentials, type ClientDuplexStream } from "@grpc/grpc-js";
import type { ConfigStore } from "./config-store.ts";
import { grpcMethod } from "./grpc-method.ts";

/** Where the control plane is and how to be let in. Files are read anew for each stream, since they are rotated. */
export interface ControlPlane {
  /** `istiod.istio-system.svc:15012`; its name is the one that the certificate must have. */
  readonly address: string;
  /** PEM. Absent: plain text, for tests on one machine. */
  readonly rootCertFile?: string;
  /** The bearer token. Absent: none is sent. */
  readonly tokenFile?: string;
}

/** What following a control plane takes. */
export interface AdsOptions {
  readonly controlPlane: ControlPlane;
  readonly node: Node;
  readonly store: ConfigStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /**
   * How long the control plane may keep a proxy waiting that serves nothing yet, before it is taken for away; absent:
   * for ever, since there is nothing better to do.
   */
  readonly answerTimeoutMs?: number | undefined;
  /** Told why a stream ended, and when the next is tried. */
  readonly onStreamEnd: (reason: string, retryMs: number) => void;
}

/** The state of the connection, for whoever asks. */
export interface AdsStatus {
  readonly isConnected: boolean;
  readonly streamsOpened: number;
}

const RECONNECT = { initialMs: 250, maxMs: 10_000 };
/** The kernel itself would try for two minutes where packets to an istiod that has gone are lost. */
const CONNECT_TIMEOUT_MS = 5_000;
const KEEPALIVE_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
/** A mesh of some ten thousand services fits; grpc-js's own limit of 4 MiB does not hold one thousand. */
const MAX_RESPONSE_BYTES = 64 * 1_024 * 1_024;
/** google.rpc.Code. */
const INVALID_ARGUMENT = 3;

const STREAM_METHOD = grpcMethod(AggregatedDiscoveryService.method.streamAggregatedResources);

/**
 * Follows a control plane until the signal ends it: one stream at a time, the next one after a growing pause. What was
 * accepted stays in the store whatever happens here.
 */
export function followControlPlane(options: AdsOptions): AdsStatus & { readonly ended: Promise<void> } {
  const status = { isConnected: false, streamsOpened: 0 };
  const ended = keepStreaming(options, status).catch((error: unknown) => {
    if (!options.signal.aborted) throw error;
  });
  return {
    get isConnected() {
      return status.isConnected;
    },
    get streamsOpened() {
      return status.streamsOpened;
    },
    ended,
  };
}

interface MutableStatus {
  isConnected: boolean;
  streamsOpened: number;
}

async function keepStreaming(options: AdsOptions, status: MutableStatus): Promise<void> {
  const { clock, random, signal } = options;
  let failures = 0;
  for (;;) {
    const { reason, wasAnswered } = await oneStream(options, status);
    status.isConnected = false;
    if (signal.aborted) return;
    failures = wasAnswered ? 0 : failures + 1;
    const retryMs = Math.round(backoffMs(failures, RECONNECT, random));
    options.onStreamEnd(reason, retryMs);
    await clock.sleep(retryMs, signal);
  }
}

interface StreamEnd {
  readonly reason: string;
  readonly wasAnswered: boolean;
}

async function oneStream(options: AdsOptions, status: MutableStatus): Promise<StreamEnd> {
  let connection: Connection;
  try {
    connection = await connect(options.controlPlane);
  } catch (error) {
    return { reason: messageOf(error), wasAnswered: false };
  }
  try {
    return await converse(connection, options, status);
  } finally {
    connection.client.close();
  }
}

interface Connection {
  readonly client: Client;
  readonly call: ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>;
}

/** A client of its own for each stream: new root, new token, and no pause but ours. */
async function connect({ address, rootCertFile, tokenFile }: ControlPlane): Promise<Connection> {
  const metadata = new Metadata();
  if (tokenFile !== undefined) {
    const token = await readFile(tokenFile, "utf8");
    metadata.set("authorization", `Bearer ${token.trim()}`);
  }
  const channel =
    rootCertFile === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(await readFile(rootCertFile));
  const client = new Client(address, channel, {
    "grpc.keepalive_time_ms": KEEPALIVE_MS,
    "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
    "grpc.max_receive_message_length": MAX_RESPONSE_BYTES,
    // A name that cannot be resolved yet is asked for again with the next connection, not half a minute later.
    "grpc.dns_min_time_between_resolutions_ms": RECONNECT.initialMs,
    "grpc.use_local_subchannel_pool": 1,
  });
  const { path, serialize, deserialize } = STREAM_METHOD;
  return { client, call: client.makeBidiStreamRequest(path, serialize, deserialize, metadata) };
}

async function converse(
  { client, call }: Connection,
  { node, store, signal, answerTimeoutMs }: AdsOptions,
  status: MutableStatus,
): Promise<StreamEnd> {
  const end = Promise.withResolvers<StreamEnd>();
  let wasAnswered = false;
  const hangUp = () => call.cancel();
  signal.addEventListener("abort", hangUp, { once: true });
  client.waitForReady(Date.now() + CONNECT_TIMEOUT_MS, (error) => {
    if (error) end.resolve({ reason: `No connection within ${CONNECT_TIMEOUT_MS / 1_000} s.`, wasAnswered });
  });
  call.on("metadata", () => {
    status.isConnected = true;
  });
  call.on("data", (response: DiscoveryResponse) => {
    status.isConnected = true;
    wasAnswered = true;
    for (const request of store.receive(response)) call.write(requestOf(request));
  });
  call.on("error", (error) => end.resolve({ reason: messageOf(error), wasAnswered }));
  call.on("end", () => end.resolve({ reason: "The control plane ended the stream.", wasAnswered }));
  status.streamsOpened += 1;
  for (const [index, request] of store.open().entries()) {
    // The node stands in the first request of a stream alone.
    call.write(requestOf(request, index === 0 ? node : undefined));
  }
  const patience =
    store.isComplete || answerTimeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          if (!wasAnswered)
            end.resolve({ reason: `No answer within ${answerTimeoutMs / 1_000} s.`, wasAnswered });
        }, answerTimeoutMs);
  try {
    return await end.promise;
  } finally {
    clearTimeout(patience);
    signal.removeEventListener("abort", hangUp);
    call.cancel();
  }
}

function requestOf(request: SubscriptionRequest, node?: Node): DiscoveryRequest {
  const { errorDetail, resourceNames, ...fields } = request;
  return create(DiscoveryRequestSchema, {
    ...fields,
    resourceNames: [...resourceNames],
    ...(node && { node }),
    ...(errorDetail !== undefined && { errorDetail: { code: INVALID_ARGUMENT, message: errorDetail } }),
  });
}
