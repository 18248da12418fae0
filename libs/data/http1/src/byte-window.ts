const NOTHING = new Uint8Array(0);

/** A stretch of bytes that readers consume from the front. One object serves many reads: it is moved, never copied. */
export class ByteWindow {
  bytes: Uint8Array = NOTHING;
  /** The next byte to read. */
  from = 0;
  /** The end, not included. */
  to = 0;

  /** Points at `bytes[from..to)`. */
  move(bytes: Uint8Array, from: number, to: number): this {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    return this;
  }

  /** What is left to read, in bytes. */
  get size(): number {
    return this.to - this.from;
  }

  /** A copy of what is left, for keeping after the read buffer is used again. */
  copy(): Uint8Array {
    const kept = new Uint8Array(this.size); // not slice(): a platform's subclass may make a view of it
    kept.set(this.bytes.subarray(this.from, this.to));
    return kept;
  }
}
