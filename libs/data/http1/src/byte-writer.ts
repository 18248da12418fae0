import { CR, LF, ZERO } from "./octets.ts";

/** Below this many bytes a loop is cheaper than a typed-array view and `set`. */
const LOOP_BYTES = 48;

const HEX = "0123456789abcdef";

/** Allocates the bytes of a writer; a shell passes its platform's own kind of array. */
export type Allocate = (bytes: number) => Uint8Array;

const plainArray: Allocate = (bytes) => new Uint8Array(bytes);

/** A growing buffer that heads and bodies are assembled in. Texts are Latin-1. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;
  readonly #allocate: Allocate;

  constructor(capacityBytes: number, allocate: Allocate = plainArray) {
    this.#allocate = allocate;
    this.bytes = allocate(capacityBytes);
  }

  /** Makes room for `more` bytes behind the present ones. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = this.#allocate(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Leaves the present bytes to whoever still reads them, and begins anew in others. */
  giveAway(capacityBytes = this.bytes.length): void {
    this.bytes = this.#allocate(capacityBytes);
    this.length = 0;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  text(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.length = at;
  }

  /** A field line. Throws where name or value would end the line early: such a head must not leave. */
  field(name: string, value: string): void {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value) || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw new Error(
        `The field "${name}" cannot be written: its name or value holds a forbidden character.`,
      );
    }
    this.text(name);
    this.text(": ");
    this.text(value);
    this.text("\r\n");
  }

  copy(source: Uint8Array, from: number, to: number): void {
    const size = to - from;
    this.reserve(size);
    const { bytes } = this;
    let at = this.length;
    this.length = at + size;
    if (size > LOOP_BYTES) {
      bytes.set(source.subarray(from, to), at);
      return;
    }
    for (let index = from; index < to; index++) bytes[at++] = source[index] ?? 0;
  }

  decimal(value: number): void {
    if (value >= 0 && value < 10) this.byte(ZERO + value);
    else this.text(String(value));
  }

  /** A chunk's size line. */
  chunkSize(size: number): void {
    for (let shift = hexDigits(size) - 1; shift >= 0; shift--) {
      this.byte(HEX.charCodeAt(Math.floor(size / 16 ** shift) % 16));
    }
    this.byte(CR);
    this.byte(LF);
  }
}

/** How many hexadecimal digits `size` takes. */
export function hexDigits(size: number): number {
  let digits = 1;
  for (let rest = size; rest >= 16; rest = Math.floor(rest / 16)) digits++;
  return digits;
}
