import type { ByteWindow } from "./byte-window.ts";
import { MAX_CHUNK_EXTENSION_BYTES, MAX_CHUNK_SIZE_DIGITS, MAX_TRAILER_BYTES } from "./limits.ts";
import {
  BACKSLASH,
  COLON,
  CR,
  EQUALS,
  FIELD_VALUE,
  HEX_VALUE,
  LF,
  QUOTE,
  SEMICOLON,
  SPACE,
  TAB,
  TOKEN,
} from "./octets.ts";

/** Where the decoder stands between two octets. */
const STATE = {
  sizeStart: 0,
  size: 1,
  /** Behind `;`, before the name. */
  extensionStart: 2,
  sizeLf: 3,
  data: 4,
  dataCr: 5,
  dataLf: 6,
  trailerStart: 7,
  trailerName: 8,
  trailerValue: 9,
  trailerLf: 10,
  endLf: 11,
  done: 12,
  bad: 13,
  extensionName: 14,
  /** Behind `=`, before the value. */
  extensionValueStart: 15,
  extensionValue: 16,
  extensionQuoted: 17,
  extensionEscape: 18,
  /** Behind a quoted value. */
  extensionEnd: 19,
} as const;

/** What `next` found. */
export type ChunkedStep = "data" | "more" | "done" | "bad";

/**
 * Decodes `Transfer-Encoding: chunked`, resumable at every octet. Sizes are bare hexadecimal digits, line ends are
 * CR LF; extensions and trailers are checked, bounded and dropped. Source: RFC 9112 §7.1.
 */
export class ChunkedDecoder {
  /** After "data": where the data lies in the window's bytes. */
  dataFrom = 0;
  dataTo = 0;
  #state: number = STATE.sizeStart;
  #sizeDigits = 0;
  #remaining = 0;
  #extensionBytes = 0;
  #trailerBytes = 0;

  reset(): void {
    this.#state = STATE.sizeStart;
    this.#sizeDigits = 0;
    this.#remaining = 0;
    this.#extensionBytes = 0;
    this.#trailerBytes = 0;
  }

  /** Consumes up to and with the next stretch of data, or to the end of the body or of the window. */
  next(input: ByteWindow): ChunkedStep {
    while (input.from < input.to) {
      if (this.#state === STATE.data) return this.#takeData(input);
      if (this.#state === STATE.done) return "done";
      this.#state = this.#step(input.bytes[input.from] ?? 0);
      if (this.#state === STATE.bad) return "bad";
      input.from++;
    }
    return this.#state === STATE.done ? "done" : "more";
  }

  #takeData(input: ByteWindow): ChunkedStep {
    this.dataFrom = input.from;
    this.dataTo = Math.min(input.to, input.from + this.#remaining);
    this.#remaining -= this.dataTo - this.dataFrom;
    input.from = this.dataTo;
    if (this.#remaining === 0) this.#state = STATE.dataCr;
    return "data";
  }

  #step(octet: number): number {
    switch (this.#state) {
      case STATE.sizeStart:
      case STATE.size:
        return this.#readSize(octet);
      case STATE.extensionStart:
      case STATE.extensionName:
      case STATE.extensionValueStart:
      case STATE.extensionValue:
      case STATE.extensionQuoted:
      case STATE.extensionEscape:
      case STATE.extensionEnd:
        return this.#readExtension(octet);
      case STATE.sizeLf:
        return octet === LF ? this.#beginChunk() : STATE.bad;
      case STATE.dataCr:
        return octet === CR ? STATE.dataLf : STATE.bad;
      case STATE.dataLf:
        return octet === LF ? this.#beginSize() : STATE.bad;
      case STATE.endLf:
        return octet === LF ? STATE.done : STATE.bad;
      default:
        return this.#readTrailer(octet);
    }
  }

  #readSize(octet: number): number {
    const value = HEX_VALUE[octet] ?? 255;
    if (value < 16) {
      this.#remaining = this.#remaining * 16 + value;
      return ++this.#sizeDigits > MAX_CHUNK_SIZE_DIGITS ? STATE.bad : STATE.size;
    }
    if (this.#state === STATE.sizeStart) return STATE.bad;
    if (octet === SEMICOLON) return STATE.extensionStart;
    return octet === CR ? STATE.sizeLf : STATE.bad;
  }

  #readExtension(octet: number): number {
    return ++this.#extensionBytes > MAX_CHUNK_EXTENSION_BYTES
      ? STATE.bad
      : nextInExtension(this.#state, octet);
  }

  #beginSize(): number {
    this.#sizeDigits = 0;
    return STATE.sizeStart;
  }

  #beginChunk(): number {
    return this.#remaining === 0 ? STATE.trailerStart : STATE.data;
  }

  #readTrailer(octet: number): number {
    if (++this.#trailerBytes > MAX_TRAILER_BYTES) return STATE.bad;
    switch (this.#state) {
      case STATE.trailerStart:
        if (octet === CR) return STATE.endLf;
        return TOKEN[octet] === 1 ? STATE.trailerName : STATE.bad;
      case STATE.trailerName:
        if (octet === COLON) return STATE.trailerValue;
        return TOKEN[octet] === 1 ? STATE.trailerName : STATE.bad;
      case STATE.trailerValue:
        if (octet === CR) return STATE.trailerLf;
        return FIELD_VALUE[octet] === 1 ? STATE.trailerValue : STATE.bad;
      default:
        return octet === LF ? STATE.trailerStart : STATE.bad;
    }
  }
}

/** One octet of `;name=value`, both tokens, or the value a quoted string. Source: RFC 9112 §7.1.1. */
function nextInExtension(state: number, octet: number): number {
  switch (state) {
    case STATE.extensionStart:
      if (octet === SPACE || octet === TAB) return state;
      return TOKEN[octet] === 1 ? STATE.extensionName : STATE.bad;
    case STATE.extensionValueStart:
      if (octet === QUOTE) return STATE.extensionQuoted;
      return TOKEN[octet] === 1 ? STATE.extensionValue : STATE.bad;
    case STATE.extensionQuoted:
      if (octet === QUOTE) return STATE.extensionEnd;
      if (octet === BACKSLASH) return STATE.extensionEscape;
      return FIELD_VALUE[octet] === 1 ? state : STATE.bad;
    case STATE.extensionEscape:
      return FIELD_VALUE[octet] === 1 ? STATE.extensionQuoted : STATE.bad;
    default:
      return afterExtensionPart(state, octet);
  }
}

function afterExtensionPart(state: number, octet: number): number {
  if (octet === CR) return STATE.sizeLf;
  if (octet === SEMICOLON) return STATE.extensionStart;
  if (state === STATE.extensionEnd) return STATE.bad;
  if (octet === EQUALS && state === STATE.extensionName) return STATE.extensionValueStart;
  return TOKEN[octet] === 1 ? state : STATE.bad;
}
