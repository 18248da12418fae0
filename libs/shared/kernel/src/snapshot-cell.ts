/** Read access to configuration that is replaced as a whole, never edited. */
export interface SnapshotReader<T> {
  /** The newest snapshot. Take it once per request, so that the request sees one world. */
  current(): T;
  /** Calls `listener` after each replacement. Returns the function that stops it. */
  subscribe(listener: (snapshot: T) => void): () => void;
}

/** Configuration that one writer replaces and many readers follow. */
export interface SnapshotCell<T> extends SnapshotReader<T> {
  /** Replaces the snapshot. A snapshot is validated before it comes here. */
  replace(next: T): void;
}

/** Holds `initial` until it is replaced. */
export function snapshotCell<T>(initial: T): SnapshotCell<T> {
  const listeners = new Set<(snapshot: T) => void>();
  let snapshot = initial;
  return {
    current: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(next) {
      snapshot = next;
      for (const listener of listeners) listener(snapshot);
    },
  };
}
