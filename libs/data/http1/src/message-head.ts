import type { FieldKind } from "./field-kind.ts";
import { MAX_FIELDS } from "./limits.ts";
import { COMMA, LOWER, SPACE, TAB } from "./octets.ts";

/**
 * Where the parts of one head lie in the bytes that it was read from. One record serves many heads; it is valid
 * only as long as those bytes are.
 */
export class MessageHead {
  bytes: Uint8Array = new Uint8Array(0);

  methodFrom = 0;
  methodTo = 0;
  /** The request target as sent. */
  targetFrom = 0;
  targetTo = 0;
  /** The target's path and query; empty (`from` = `to`) for `http://host`, for CONNECT's target and `*`. */
  pathFrom = 0;
  pathTo = 0;
  /** The authority that counts: the target's own if it has one, else the Host field's; may be empty. */
  authorityFrom = 0;
  authorityTo = 0;
  form: TargetForm = "origin";
  isHttps = false;

  status = 0;
  reasonFrom = 0;
  reasonTo = 0;

  /** The y of HTTP/1.y: 0 or 1. */
  minor = 1;
  fieldCount = 0;
  readonly kinds = new Uint8Array(MAX_FIELDS);
  readonly nameFrom = new Int32Array(MAX_FIELDS);
  readonly nameTo = new Int32Array(MAX_FIELDS);
  readonly valueFrom = new Int32Array(MAX_FIELDS);
  readonly valueTo = new Int32Array(MAX_FIELDS);

  /** −1 where there is none. */
  contentLength = -1;
  isChunked = false;
  hasHost = false;
  /** `Connection` holds this option. */
  saysClose = false;
  saysKeepAlive = false;
  saysUpgrade = false;
  /** `Upgrade: websocket`, the only protocol that may be changed to. */
  upgradesToWebSocket = false;
  expectsContinue = false;
  /** Seconds that `Keep-Alive: timeout=` names; −1 where there is none. */
  keepAliveSeconds = -1;

  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.fieldCount = 0;
    this.contentLength = -1;
    this.isChunked = false;
    this.hasHost = false;
    this.saysClose = false;
    this.saysKeepAlive = false;
    this.saysUpgrade = false;
    this.upgradesToWebSocket = false;
    this.expectsContinue = false;
    this.keepAliveSeconds = -1;
  }

  /** The number of the first field of this kind, or −1. */
  indexOf(kind: number): number {
    for (let index = 0; index < this.fieldCount; index++) if (this.kinds[index] === kind) return index;
    return -1;
  }

  /** The values of all fields of a lower-case name, joined with ", "; `undefined` where there is none. */
  valueOf(name: string): string | undefined {
    let joined: string | undefined;
    for (let index = 0; index < this.fieldCount; index++) {
      if (!this.isNamed(index, name)) continue;
      const value = this.value(index);
      joined = joined === undefined ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  isNamed(index: number, name: string): boolean {
    const from = this.nameFrom[index] ?? 0;
    if ((this.nameTo[index] ?? 0) - from !== name.length) return false;
    for (let at = 0; at < name.length; at++) {
      if (LOWER[this.bytes[from + at] ?? 0] !== name.charCodeAt(at)) return false;
    }
    return true;
  }

  value(index: number): string {
    return latin1(this.bytes, this.valueFrom[index] ?? 0, this.valueTo[index] ?? 0);
  }

  /** Says whether the field's comma-separated list holds the lower-case `option`. */
  hasOption(index: number, option: string): boolean {
    const { bytes } = this;
    const to = this.valueTo[index] ?? 0;
    for (let from = this.valueFrom[index] ?? 0; from < to; from++) {
      let end = from;
      while (end < to && bytes[end] !== COMMA) end++;
      if (equalsTrimmed(bytes, { from, to: end }, option)) return true;
      from = end;
    }
    return false;
  }

  /** The value of a field's first occurrence, "" where there is none. */
  firstOf(kind: FieldKind): string {
    const index = this.indexOf(kind);
    return index < 0 ? "" : this.value(index);
  }
}

/** The four forms of a request target. Source: RFC 9112 §3.2. */
export type TargetForm = "origin" | "absolute" | "authority" | "asterisk";

/** The bytes as a string, one character an octet. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  const octets = bytes.subarray(from, to);
  // `apply` reads a typed array as it stands; spreading would walk it by its iterator, at thrice the cost.
  return String(Reflect.apply(String.fromCharCode, undefined, octets));
}

/** Compares a list member, blanks around it left out, with a lower-case word. */
export function equalsTrimmed(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  word: string,
): boolean {
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  if (to - from !== word.length) return false;
  for (let at = 0; at < word.length; at++) {
    if (LOWER[bytes[from + at] ?? 0] !== word.charCodeAt(at)) return false;
  }
  return true;
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}
