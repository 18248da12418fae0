import { expired, type ApiError } from "@bookmesh/cluster-api";
import type { KubeObject, WatchEvent } from "@bookmesh/kube-api";
import { storageKey, type StoreEvent } from "./store/store-event.ts";
import { inVersion } from "./catalog.ts";
import { parseVersion, type ListRequest } from "./list.ts";
import type { Registry } from "./registry.ts";

/** A watch: a list request without chunks, and who hears of the changes. */
export interface WatchRequest extends Pick<
  ListRequest,
  "kind" | "namespace" | "selects" | "resourceVersion"
> {
  /** Begin with an ADDED event for every object, whatever `resourceVersion` says. */
  readonly sendInitialEvents?: boolean;
  /** Called after the initial events, with the version that they show. */
  readonly onInitialEventsEnd?: (version: number) => void;
  readonly listener: (event: WatchEvent) => void;
}

/**
 * Tells of every change after `resourceVersion`, then of each new one, in order; without a version (or with 0)
 * it begins with what there is. Throws Expired where the history does not reach back. Returns the function that ends it.
 */
export function watchObjects(registry: Registry, request: WatchRequest): () => void {
  const { store } = registry;
  const { kind, listener, resourceVersion = "", sendInitialEvents } = request;
  const version = resourceVersion === "" ? 0 : parseVersion(resourceVersion);
  const tell = (event: StoreEvent) => {
    const seen = view(request, event);
    if (seen) listener(seen);
  };
  if (sendInitialEvents ?? version === 0) {
    for (const object of store.list(kind, request.namespace)) {
      if (request.selects(object)) listener({ type: "ADDED", object: inVersion(kind, object) });
    }
    request.onInitialEventsEnd?.(store.version());
  } else {
    for (const event of eventsAfter(registry, version)) tell(event);
  }
  return store.subscribe((event) => {
    if (event.version > version) tell(event);
  });
}

function eventsAfter({ store }: Registry, version: number): readonly StoreEvent[] {
  const events = store.eventsAfter(version);
  if (events !== undefined) return events;
  throw expired(`too old resource version: ${version} (${store.oldestVersion()})`);
}

/** An event as this watch sees it: an object may come into its selection, or leave it. */
function view({ kind, namespace, selects }: WatchRequest, event: StoreEvent): WatchEvent | undefined {
  if (event.resource !== storageKey(kind)) return undefined;
  if (namespace !== undefined && event.object.metadata.namespace !== namespace) return undefined;
  const before = event.previous !== undefined && selects(event.previous);
  const now = selects(event.object);
  const object = inVersion(kind, event.object);
  if (event.type === "DELETED") {
    return before || (event.previous === undefined && now) ? { type: "DELETED", object } : undefined;
  }
  if (now)
    return {
      type: before || (event.type === "MODIFIED" && event.previous === undefined) ? "MODIFIED" : "ADDED",
      object,
    };
  return before ? { type: "DELETED", object } : undefined;
}

/** The last line of a watch that cannot go on. */
export function errorEvent(error: ApiError): WatchEvent {
  return { type: "ERROR", object: error.status as unknown as KubeObject }; // a Status stands in an object's place here
}
