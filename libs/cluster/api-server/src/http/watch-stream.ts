import { ApiError, tooManyRequests } from "@bookmesh/cluster-api";
import { apiVersionOf, type KubeObject, type WatchEvent } from "@bookmesh/kube-api";
import { errorEvent, watchObjects } from "@bookmesh/registry";
import { warningHeader } from "./exchange.ts";
import type { ListQuery } from "./list-query.ts";
import { eventRepresentation } from "./represent.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** How many watches may be open at once. */
const MAX_WATCHES = 2000;
/** A client that reads slower than this loses its watch, and lists again. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** How often a quiet watch hears the store's version, so that it can continue from there. */
const BOOKMARK_INTERVAL_MS = 60_000;
/** Kubernetes ends watches that name no timeout after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_MS = 45 * 60_000;

/** Streams changes, a JSON line each, until the timeout, the client's departure or an error. */
export async function serveWatch(request: ResourceRequest, query: ListQuery): Promise<void> {
  const { exchange, serving } = request;
  if (serving.watches.open >= MAX_WATCHES) throw tooManyRequests("too many watches are open", 1);
  serving.watches.open += 1;
  try {
    await new Promise<void>((resolve) => runWatch(request, query, resolve));
  } finally {
    serving.watches.open -= 1;
    exchange.response.end();
  }
}

function runWatch(request: ResourceRequest, query: ListQuery, finish: () => void): void {
  const { exchange, serving, kind } = request;
  const { response, signal } = exchange;
  const line = eventRepresentation(request);
  const send = (event: WatchEvent) => {
    response.write(`${JSON.stringify(line(event))}\n`);
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
  };
  const bookmark = (version: number, annotations?: Readonly<Record<string, string>>) => {
    const metadata = { resourceVersion: String(version), ...(annotations ? { annotations } : {}) };
    // A bookmark has no name: it is no object, only a place in the history.
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } as unknown as KubeObject;
    send({ type: "BOOKMARK", object });
  };
  response.writeHead(200, {
    "content-type": "application/json",
    "cache-control": "no-cache, private",
    ...warningHeader(exchange),
  });
  response.flushHeaders();
  const stop = startWatch(request, query, { send, bookmark });
  if (stop === undefined) {
    finish();
    return;
  }
  const timers = [
    setTimeout(expire, query.timeoutSeconds === undefined ? DEFAULT_TIMEOUT_MS : query.timeoutSeconds * 1000),
    setInterval(
      () => query.allowBookmarks && bookmark(serving.registry.store.version()),
      BOOKMARK_INTERVAL_MS,
    ),
  ];
  signal.addEventListener("abort", end, { once: true });
  response.once("close", end);
  if (signal.aborted) end();

  /** The last line tells where a client can go on. */
  function expire(): void {
    if (query.allowBookmarks) bookmark(serving.registry.store.version());
    end();
  }

  function end(): void {
    stop?.();
    timers.forEach((timer) => clearTimeout(timer));
    signal.removeEventListener("abort", end);
    finish();
  }
}

interface Lines {
  readonly send: (event: WatchEvent) => void;
  readonly bookmark: (version: number, annotations?: Readonly<Record<string, string>>) => void;
}

/** Starts the watch; where it cannot, the only line is the error, as Kubernetes does it. */
function startWatch(
  { serving }: ResourceRequest,
  query: ListQuery,
  { send, bookmark }: Lines,
): (() => void) | undefined {
  const { sendInitialEvents, list } = query;
  try {
    return watchObjects(serving.registry, {
      ...list,
      ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
      listener: send,
      onInitialEventsEnd(version) {
        if (sendInitialEvents && query.allowBookmarks)
          bookmark(version, { "k8s.io/initial-events-end": "true" });
      },
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    send(errorEvent(error));
    return undefined;
  }
}
