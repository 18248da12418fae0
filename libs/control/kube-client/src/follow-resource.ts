import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import { backoffMs, type Clock, type Random } from "@bookmesh/kernel";
import { KubeError, type KubeClient, type ListOptions } from "./kube-client.ts";

/** What a follower hears, in the order in which it happened. */
export type FollowEvent<T extends KubeObject> =
  /** The whole world, at first and after a gap: whatever is not in it is gone. */
  | { readonly kind: "replaced"; readonly objects: readonly T[] }
  | { readonly kind: "stored"; readonly object: T }
  | { readonly kind: "deleted"; readonly object: T };

/** Whom to follow, and who listens. */
export interface FollowOptions<T extends KubeObject> extends ListOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: FollowEvent<T>) => void;
  /** Prunes what nobody reads, before anybody keeps it. */
  readonly transform?: (object: T) => T;
  /** Told of each failure; following goes on by itself. */
  readonly onProblem?: (error: unknown) => void;
}

const RETRY = { initialMs: 200, maxMs: 10_000 } as const;

/**
 * Follows a resource until `signal` is aborted: lists, watches from there, and lists again when the server has
 * forgotten the version or an event cannot be trusted. Never misses an object's last state. Resolves when aborted.
 */
export async function followResource<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef,
  options: FollowOptions<T>,
): Promise<void> {
  const { signal, clock, random, onProblem } = options;
  let position: Position = { resourceVersion: undefined };
  let failures = 0;
  const stopped = () => signal.aborted;
  while (!stopped()) {
    try {
      if (position.resourceVersion === undefined) position = await listAll(client, resource, options);
      const startedAtMs = clock.now();
      position = await watchFrom({ client, resource, options, position, onProgress: () => (failures = 0) });
      // A server that ends watches at once must not be asked in a tight loop.
      if (clock.now() - startedAtMs < RETRY.initialMs) await clock.sleep(RETRY.initialMs, signal);
    } catch (error) {
      if (stopped()) return;
      if (isGone(error)) position = { resourceVersion: undefined };
      onProblem?.(error);
      await clock.sleep(backoffMs(failures++, RETRY, random), signal).catch(() => undefined); // aborted: the loop ends
    }
  }
}

/** How far the follower has read; `undefined` means that only a list helps. */
interface Position {
  resourceVersion: string | undefined;
}

async function listAll<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef,
  options: FollowOptions<T>,
): Promise<Position> {
  const list = await client.list<T>(resource, options);
  const { transform } = options;
  options.onEvent({ kind: "replaced", objects: transform ? list.items.map(transform) : list.items });
  return { resourceVersion: list.metadata.resourceVersion };
}

interface Watching<T extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: ResourceRef;
  readonly options: FollowOptions<T>;
  /** Moved along with each event, so that it is right also when the watch breaks. */
  readonly position: Position;
  readonly onProgress: () => void;
}

async function watchFrom<T extends KubeObject>(watching: Watching<T>): Promise<Position> {
  const { client, resource, options, position, onProgress } = watching;
  const { signal, onEvent, transform = (object: T) => object } = options;
  const resourceVersion = position.resourceVersion ?? "";
  const events = client.watch<T>(resource, { ...options, resourceVersion, signal });
  for await (const { type, object } of events) {
    onProgress();
    if (type === "ERROR") throw new KubeError(statusOf(object));
    if (type === "DELETED") onEvent({ kind: "deleted", object: transform(object) });
    else if (type !== "BOOKMARK") onEvent({ kind: "stored", object: transform(object) });
    // Only now: what the listener could not take comes again.
    position.resourceVersion = object.metadata.resourceVersion ?? position.resourceVersion;
  }
  return position;
}

function statusOf(object: KubeObject): KubeError["status"] {
  const code = typeof object["code"] === "number" ? object["code"] : 500;
  const message = typeof object["message"] === "string" ? object["message"] : "The watch failed.";
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code };
}

/** 410 Gone (or Expired): the version is older than what the server remembers. */
function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status.code === 410;
}
