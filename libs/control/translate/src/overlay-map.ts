/**
 * A map that shows a few entries of its own on top of a map that it shares with others. Nothing is copied, so a
 * thousand proxies with an equal view cost a thousand handfuls of entries, not a thousand maps.
 */
export class OverlayMap<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly #below: ReadonlyMap<Key, Value>;
  readonly #own: ReadonlyMap<Key, Value>;
  readonly size: number;

  constructor(below: ReadonlyMap<Key, Value>, own: ReadonlyMap<Key, Value>) {
    this.#below = below;
    this.#own = own;
    this.size = below.size + [...own.keys()].filter((key) => !below.has(key)).length;
  }

  get(key: Key): Value | undefined {
    return this.#own.get(key) ?? this.#below.get(key);
  }

  has(key: Key): boolean {
    return this.#own.has(key) || this.#below.has(key);
  }

  *entries(): MapIterator<[Key, Value]> {
    for (const entry of this.#below) if (!this.#own.has(entry[0])) yield entry;
    yield* this.#own;
  }

  *keys(): MapIterator<Key> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
