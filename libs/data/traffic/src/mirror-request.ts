import { BodyRelay, ByteWriter, responseFraming, type ByteWindow } from "@bookmesh/http1";
import type { Cluster, ForwardAction, Host } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import { WheelTimer } from "./timer-wheel.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** What a mirror's answer is dropped into, read by read. */
const SINK_BYTES = 1024;

/** It would have to become a tunnel, which nobody feeds. */
const SWITCHING_PROTOCOLS = 101;

const HOST_FIELD = "\r\nhost: ";
const SHADOW_SUFFIX = Buffer.from("-shadow");

/** Copies under way at the same time, over all clusters: a mirror that hangs must not take the proxy's memory. */
const MAX_SHADOWS = 1_024;

/** Sends copies of a whole request to the clusters that the route's chance picks. Nobody waits for their answers. */
export function mirrorRequest(
  { mirrors, timeoutMs }: ForwardAction,
  request: Uint8Array | undefined,
  { path, pools }: { readonly path: DataPath; readonly pools: UpstreamPools },
): void {
  if (!request) return; // too long to be kept
  for (const { cluster, fraction, isMarked } of mirrors) {
    if (path.options.random() >= fraction || path.shadows >= MAX_SHADOWS) continue;
    const host = cluster.pickHost([]);
    const copy = isMarked ? shadowed(request) : Uint8Array.from(request);
    if (host) new Shadow({ path, pools, cluster, host, request: copy, timeoutMs }).begin();
  }
}

/** The same request to `<name>-shadow`, as Envoy marks mirrored ones. */
function shadowed(request: Uint8Array): Uint8Array {
  const copy = Buffer.from(request);
  const from = copy.indexOf(HOST_FIELD) + HOST_FIELD.length;
  const end = copy.indexOf("\r\n", from);
  const [port = ""] = /:\d+$/.exec(copy.toString("latin1", from, end)) ?? [];
  const nameEnd = end - port.length;
  return Buffer.concat([copy.subarray(0, nameEnd), SHADOW_SUFFIX, copy.subarray(nameEnd)]);
}

interface ShadowOptions {
  readonly path: DataPath;
  readonly pools: UpstreamPools;
  readonly cluster: Cluster;
  readonly host: Host;
  readonly request: Uint8Array;
  /** The route's; 0: none. */
  readonly timeoutMs: number;
}

/** A request whose answer is read to its end and dropped. */
class Shadow implements UpstreamUser {
  readonly #options: ShadowOptions;
  readonly #body = new BodyRelay();
  readonly #sink = new ByteWriter(SINK_BYTES);
  readonly #timer = new WheelTimer(() => this.#giveUp());
  #connection: UpstreamConnection | undefined;
  #keepAliveSeconds = -1;

  constructor(options: ShadowOptions) {
    this.#options = options;
  }

  begin(): void {
    const { path, pools, cluster, host, timeoutMs } = this.#options;
    path.shadows++;
    if (timeoutMs > 0) path.wheel.start(this.#timer, timeoutMs);
    const refusal = pools.acquire(this, { cluster, host, direction: "outbound", isFresh: false });
    if (refusal) this.#end();
  }

  onConnected(connection: UpstreamConnection): void {
    const { pools, cluster, host, request } = this.#options;
    this.#connection = connection;
    connection.beginRequest(this);
    pools.reports.onConnected(cluster, host);
    connection.wire.write(request);
  }

  onResponseHead(input: ByteWindow): void {
    const { path, pools, cluster, host, request } = this.#options;
    const head = path.responseHead;
    pools.reports.onAnswer(cluster, host, head.status);
    if (head.status === SWITCHING_PROTOCOLS) {
      this.#giveUp();
      return;
    }
    const isHead = Buffer.from(request.subarray(0, 5)).toString("latin1") === "HEAD ";
    this.#keepAliveSeconds = head.saysClose || head.minor === 0 ? 0 : head.keepAliveSeconds;
    this.#body.begin(responseFraming(head, isHead), head.contentLength, false);
    this.onResponseBytes(input);
  }

  onResponseBytes(input: ByteWindow): void {
    const isSound = this.#body.relay(input, this.#sink);
    this.#sink.length = 0;
    if (!isSound || input.size > 0) this.#giveUp();
    else if (this.#body.isDone) this.#giveBack();
  }

  onUpstreamEnd(): void {
    this.#giveUp();
  }

  onUpstreamDrain(): void {
    return; // all of the request has been written already
  }

  /** A mirror that fails changes nothing for the caller. */
  onUpstreamLost(): void {
    const { pools, cluster, host } = this.#options;
    pools.reports.onFailure(cluster, host);
    this.#end();
  }

  #giveBack(): void {
    const connection = this.#connection;
    if (!connection || this.#keepAliveSeconds === 0) {
      this.#giveUp();
      return;
    }
    this.#end();
    connection.endRequest(this.#keepAliveSeconds);
    this.#options.pools.release(connection, this.#options.cluster);
  }

  #giveUp(): void {
    const { pools, cluster, host } = this.#options;
    if (this.#connection) this.#connection.abandon();
    else pools.cancel(this, { cluster, host });
    this.#end();
  }

  #end(): void {
    const { path } = this.#options;
    path.wheel.stop(this.#timer);
    path.shadows--;
  }
}
