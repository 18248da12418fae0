import type { KubeObject, ResourceRef, WatchEvent } from "@bookmesh/kube-api";
import { backoffMs, type Clock, type Random } from "@bookmesh/kernel";
import { INITIAL_EVENTS_END, KubeError, type KubeClient, type ListOptions } from "./kube-client.ts";

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
  /** Told of each failure, and how many came before it in a row; following goes on by itself. */
  readonly onProblem?: (error: unknown, failuresBefore: number) => void;
}

const RETRY = { initialMs: 200, maxMs: 10_000 } as const;

/**
 * Follows a resource until `signal` is aborted: takes all there is, watches from there, and takes all again when the
 * server has forgotten the version or an event cannot be trusted. Never misses an object's last state, and never takes
 * back what it told because the server is away. Resolves when aborted.
 */
export async function followResource<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef,
  options: FollowOptions<T>,
): Promise<void> {
  const { signal, clock, random, onProblem } = options;
  const following: Following<T> = { client, resource, options, streamsLists: true, failures: 0 };
  const stopped = () => signal.aborted;
  while (!stopped()) {
    try {
      if (following.resourceVersion === undefined && !following.streamsLists) await listAll(following);
      const startedAtMs = clock.now();
      await watchOnce(following);
      // A server that ends watches at once must not be asked in a tight loop.
      if (clock.now() - startedAtMs < RETRY.initialMs) await clock.sleep(RETRY.initialMs, signal);
    } catch (error) {
      if (stopped()) return;
      if (refusesWatchList(error, following)) {
        following.streamsLists = false;
        continue;
      }
      if (isGone(error)) following.resourceVersion = undefined;
      onProblem?.(error, following.failures);
      const pauseMs = backoffMs(following.failures++, RETRY, random);
      await clock.sleep(pauseMs, signal).catch(() => undefined); // aborted: the loop ends
    }
  }
}

/** How far a follower has come. */
interface Following<T extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: ResourceRef;
  readonly options: FollowOptions<T>;
  /** Moved along with each event, so that it is right also when the watch breaks; `undefined`: all must be told anew. */
  resourceVersion?: string | undefined;
  /** Until the server refuses it, all there is comes as a stream: neither side holds a whole list. */
  streamsLists: boolean;
  /** Since the server last said something useful. */
  failures: number;
}

async function listAll<T extends KubeObject>(following: Following<T>): Promise<void> {
  const { client, resource, options } = following;
  const list = await client.list<T>(resource, options);
  const { transform } = options;
  options.onEvent({ kind: "replaced", objects: transform ? list.items.map(transform) : list.items });
  following.resourceVersion = list.metadata.resourceVersion;
}

async function watchOnce<T extends KubeObject>(following: Following<T>): Promise<void> {
  const { client, resource, options, resourceVersion } = following;
  const { signal, namespace, labelSelector, fieldSelector } = options;
  const where = {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
  const from = resourceVersion === undefined ? {} : { resourceVersion };
  // What there was when the watch began, until the server says that this was all.
  let initial = resourceVersion === undefined ? new Map<string, T>() : undefined;
  for await (const event of client.watch<T>(resource, { ...where, ...from, signal })) {
    if (event.type === "ERROR") throw new KubeError(statusOf(event.object));
    following.failures = 0;
    if (initial) {
      if (!endsInitialEvents(event)) {
        gather(initial, event, options);
        continue;
      }
      options.onEvent({ kind: "replaced", objects: [...initial.values()] });
      initial = undefined;
    } else tell(event, options);
    // Only now: what the listener could not take comes again.
    following.resourceVersion = event.object.metadata.resourceVersion ?? following.resourceVersion;
  }
}

type Transforming<T extends KubeObject> = Pick<FollowOptions<T>, "transform" | "onEvent">;

function tell<T extends KubeObject>({ type, object }: WatchEvent<T>, options: Transforming<T>): void {
  const { onEvent, transform = (whole: T) => whole } = options;
  if (type === "DELETED") onEvent({ kind: "deleted", object: transform(object) });
  else if (type !== "BOOKMARK") onEvent({ kind: "stored", object: transform(object) });
}

function gather<T extends KubeObject>(
  initial: Map<string, T>,
  { type, object }: WatchEvent<T>,
  { transform }: Transforming<T>,
): void {
  const key = `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
  if (type === "DELETED") initial.delete(key);
  else if (type !== "BOOKMARK") initial.set(key, transform ? transform(object) : object);
}

function endsInitialEvents({ type, object }: WatchEvent): boolean {
  return type === "BOOKMARK" && object.metadata.annotations?.[INITIAL_EVENTS_END] === "true";
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

/** A server without watch-lists calls the request invalid, and goes on doing so. */
function refusesWatchList(
  error: unknown,
  { resourceVersion, streamsLists }: Pick<Following<KubeObject>, "resourceVersion" | "streamsLists">,
): boolean {
  const refused = error instanceof KubeError && (error.status.code === 400 || error.status.code === 422);
  return refused && streamsLists && resourceVersion === undefined;
}
