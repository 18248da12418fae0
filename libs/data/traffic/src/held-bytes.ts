import { ByteWindow, MAX_HEAD_BYTES } from "@bookmesh/http1";

const LF = 0x0a;
const NOTHING = new Uint8Array(0);

/** Bytes of a client that cannot be used yet: part of a head, or requests behind the one being answered. */
export class HeldBytes {
  #bytes: Uint8Array | undefined;
  #isHead = false;

  get size(): number {
    return this.#bytes?.length ?? 0;
  }

  /** What is held, without taking it. */
  get bytes(): Uint8Array {
    return this.#bytes ?? NOTHING;
  }

  /** Keeps a copy behind what is held already. */
  add(input: ByteWindow): void {
    const more = input.copy();
    this.#bytes = this.#bytes ? Buffer.concat([this.#bytes, more]) : more;
    input.from = input.to;
  }

  /** Keeps the beginning of a head. */
  addHead(input: ByteWindow): void {
    this.add(input);
    this.#isHead = true;
  }

  /**
   * What is held with `fresh` behind it, as one window; `undefined` while a head cannot have become longer by a
   * line. So a head that comes byte by byte is read once a line, not once a byte.
   */
  join(fresh: ByteWindow): ByteWindow | undefined {
    if (this.#bytes === undefined) return fresh;
    const hasLine = fresh.bytes.subarray(fresh.from, fresh.to).includes(LF);
    const isWaiting = this.#isHead && !hasLine && this.size + fresh.size <= MAX_HEAD_BYTES;
    this.add(fresh);
    return isWaiting ? undefined : this.window();
  }

  /** All of it, as a window; nothing is held afterwards. */
  window(): ByteWindow {
    const bytes = this.take() ?? NOTHING;
    return new ByteWindow().move(bytes, 0, bytes.length);
  }

  take(): Uint8Array | undefined {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    this.#isHead = false;
    return bytes;
  }
}
