import type { KubeObject, ResourceRef, WatchEvent } from "@bookmesh/kube-api";
import type { ListOptions, WatchOptions } from "@bookmesh/kube-client";

/** The open watches of a fake API. */
export interface FakeWatches {
  announce(resource: ResourceRef, event: WatchEvent): void;
  /** Begins with `initial`, and goes on with what is announced. */
  watch(
    resource: ResourceRef,
    options: WatchOptions,
    initial: readonly WatchEvent[],
  ): AsyncIterable<WatchEvent>;
}

interface Watcher {
  readonly plural: string;
  readonly options: ListOptions;
  readonly queue: WatchEvent[];
  wake: () => void;
}

/** No watches yet. A watch begins with what happens after it: the fake API does nothing between list and watch. */
export function fakeWatches(): FakeWatches {
  const watchers = new Set<Watcher>();
  return {
    announce({ plural }, event) {
      for (const watcher of watchers) {
        if (watcher.plural !== plural || !concerns(watcher.options, event.object)) continue;
        watcher.queue.push(event);
        watcher.wake();
      }
    },
    watch({ plural }, options, initial) {
      const watcher: Watcher = { plural, options, queue: [...initial], wake: () => undefined };
      watchers.add(watcher);
      options.signal.addEventListener("abort", () => {
        watchers.delete(watcher);
        watcher.wake();
      });
      return events(watcher, options.signal);
    },
  };
}

async function* events(watcher: Watcher, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  const aborted = () => signal.aborted;
  while (!aborted()) {
    const event = watcher.queue.shift();
    if (event) yield event;
    else await new Promise<void>((resolve) => (watcher.wake = resolve));
  }
}

function concerns({ namespace, fieldSelector }: ListOptions, { metadata }: KubeObject): boolean {
  const name = fieldSelector?.replace("metadata.name=", "");
  return (
    (namespace === undefined || metadata.namespace === namespace) &&
    (name === undefined || metadata.name === name)
  );
}
