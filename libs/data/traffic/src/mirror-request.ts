import { BodyRelay, ByteWriter, responseFraming, type ByteWindow } from "@bookmesh/http1";
import type { Cluster, ForwardAction, Host } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** What a mirror's answer is dropped into, read by read. */
const SINK_BYTES = 1024;

/** Sends copies of a whole request to the clusters that the route's chance picks. Nobody waits for their answers. */
export function mirrorRequest(
  { mirrors }: ForwardAction,
  request: Uint8Array | undefined,
  { path, pools }: { readonly path: DataPath; readonly pools: UpstreamPools },
): void {
  if (!request) return; // too long to be kept
  for (const { cluster, fraction } of mirrors) {
    const host = path.options.random() < fraction ? cluster.pickHost([]) : undefined;
    if (!host) continue;
    const user = new Shadow({ path, pools, cluster, host, request: shadowed(request) });
    pools.acquire(user, { cluster, host, direction: "outbound", isFresh: false });
  }
}

/** The same request to `<authority>-shadow`, as Envoy marks mirrored ones. */
function shadowed(request: Uint8Array): Uint8Array {
  const copy = Buffer.from(request);
  const host = copy.indexOf("\r\nhost: ");
  const end = copy.indexOf("\r\n", host + 2);
  return Buffer.concat([copy.subarray(0, end), Buffer.from("-shadow"), copy.subarray(end)]);
}

interface ShadowOptions {
  readonly path: DataPath;
  readonly pools: UpstreamPools;
  readonly cluster: Cluster;
  readonly host: Host;
  readonly request: Uint8Array;
}

/** A request whose answer is read to its end and dropped. */
class Shadow implements UpstreamUser {
  readonly #options: ShadowOptions;
  readonly #body = new BodyRelay();
  readonly #sink = new ByteWriter(SINK_BYTES);
  #connection: UpstreamConnection | undefined;
  #keepAliveSeconds = -1;

  constructor(options: ShadowOptions) {
    this.#options = options;
  }

  onConnected(connection: UpstreamConnection): void {
    this.#connection = connection;
    connection.beginRequest(this);
    connection.wire.write(this.#options.request);
  }

  onResponseHead(input: ByteWindow): void {
    const head = this.#options.path.responseHead;
    const { pools, cluster, host } = this.#options;
    pools.reports.onAnswer(cluster, host, head.status);
    const isHead = Buffer.from(this.#options.request.subarray(0, 5)).toString("latin1") === "HEAD ";
    this.#keepAliveSeconds = head.saysClose || head.minor === 0 ? 0 : head.keepAliveSeconds;
    this.#body.begin(responseFraming(head, isHead), head.contentLength, false);
    this.onResponseBytes(input);
  }

  onResponseBytes(input: ByteWindow): void {
    const isSound = this.#body.relay(input, this.#sink);
    this.#sink.length = 0;
    if (!isSound || input.size > 0) this.#connection?.abandon();
    else if (this.#body.isDone) this.#giveBack();
  }

  onUpstreamEnd(): void {
    this.#connection?.abandon();
  }

  onUpstreamDrain(): void {
    return; // all of the request has been written already
  }

  /** A mirror that fails changes nothing for the caller. */
  onUpstreamLost(): void {
    const { pools, cluster, host } = this.#options;
    pools.reports.onFailure(cluster, host);
  }

  #giveBack(): void {
    const connection = this.#connection;
    if (!connection || this.#keepAliveSeconds === 0) {
      connection?.abandon();
      return;
    }
    connection.endRequest(this.#keepAliveSeconds);
    this.#options.pools.release(connection, this.#options.cluster);
  }
}
