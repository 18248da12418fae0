import type { ByteWindow } from "./byte-window.ts";
import { FIELD_KIND, fieldKind } from "./field-kind.ts";
import { MAX_FIELDS } from "./limits.ts";
import { equalsTrimmed, type MessageHead } from "./message-head.ts";
import { COLON, COMMA, CR, FIELD_VALUE, LF, NINE, SPACE, TAB, TOKEN, ZERO } from "./octets.ts";

/**
 * What reading a head came to: the position behind it, 0 while bytes are missing, or, negative, the status of the
 * answer that refuses it (−400, −414, −417, −431, −501, −505).
 */
export type HeadOutcome = number;

/** More bytes are needed. */
export const INCOMPLETE = 0;
export const MALFORMED = -400;
export const TOO_MANY_FIELDS = -431;
export const UNKNOWN_CODING = -501;

/** Reads field lines from `at` to the empty line. Folded lines, blanks before the colon, bare CR or LF are refused. */
export function readFields(input: ByteWindow, head: MessageHead, at: number): HeadOutcome {
  const { bytes, to } = input;
  for (;;) {
    if (at >= to) return INCOMPLETE;
    if (bytes[at] === CR) {
      if (at + 1 >= to) return INCOMPLETE;
      return bytes[at + 1] === LF ? at + 2 : MALFORMED;
    }
    if (head.fieldCount === MAX_FIELDS) return TOO_MANY_FIELDS;
    const next = readField(input, head, at);
    if (next <= 0) return next;
    at = next;
  }
}

function readField({ bytes, to }: ByteWindow, head: MessageHead, from: number): HeadOutcome {
  let at = from;
  while (at < to && TOKEN[bytes[at] ?? 0] === 1) at++;
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== COLON || at === from) return MALFORMED;
  const nameTo = at++;
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  const valueFrom = at;
  while (at < to && FIELD_VALUE[bytes[at] ?? 0] === 1) at++;
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== CR) return MALFORMED;
  if (at + 1 === to) return INCOMPLETE;
  if (bytes[at + 1] !== LF) return MALFORMED;
  let valueTo = at;
  while (valueTo > valueFrom && (bytes[valueTo - 1] === SPACE || bytes[valueTo - 1] === TAB)) valueTo--;

  const index = head.fieldCount++;
  const kind = fieldKind(bytes, from, nameTo);
  head.kinds[index] = kind;
  head.nameFrom[index] = from;
  head.nameTo[index] = nameTo;
  head.valueFrom[index] = valueFrom;
  head.valueTo[index] = valueTo;
  const refusal = kind === FIELD_KIND.other ? 0 : noteField(head, index, kind);
  return refusal < 0 ? refusal : at + 2;
}

/** Draws from a known field what framing and connection handling need. Returns 0, or the refusal. */
function noteField(head: MessageHead, index: number, kind: number): number {
  switch (kind) {
    case FIELD_KIND.contentLength:
      return noteContentLength(head, index);
    case FIELD_KIND.transferEncoding:
      return noteTransferEncoding(head, index);
    case FIELD_KIND.host:
      return noteHost(head, index);
    case FIELD_KIND.connection:
      head.saysClose ||= head.hasOption(index, "close");
      head.saysKeepAlive ||= head.hasOption(index, "keep-alive");
      head.saysUpgrade ||= head.hasOption(index, "upgrade");
      return 0;
    case FIELD_KIND.upgrade:
      head.upgradesToWebSocket = head.hasOption(index, "websocket");
      return 0;
    case FIELD_KIND.keepAlive:
      head.keepAliveSeconds = Number(/timeout=(\d{1,6})/.exec(head.value(index))?.[1] ?? -1);
      return 0;
    case FIELD_KIND.expect:
      head.expectsContinue = head.hasOption(index, "100-continue");
      return head.expectsContinue ? 0 : -417;
    default:
      return 0;
  }
}

/** Digits only, once: `+5`, `5,5`, `0x5`, an empty value and a second field are all refused. */
function noteContentLength(head: MessageHead, index: number): number {
  const from = head.valueFrom[index] ?? 0;
  const to = head.valueTo[index] ?? 0;
  if (head.contentLength >= 0 || to === from) return MALFORMED;
  let length = 0;
  for (let at = from; at < to; at++) {
    const octet = head.bytes[at] ?? 0;
    if (octet < ZERO || octet > NINE) return MALFORMED;
    length = length * 10 + (octet - ZERO);
    if (length > Number.MAX_SAFE_INTEGER) return MALFORMED;
  }
  head.contentLength = length;
  return 0;
}

/**
 * `chunked` alone: whatever else a peer may understand by the field must not frame a body here. Other codings under
 * a final `chunked` are unknown; without it the body has no end (RFC 9112 §6.3).
 */
function noteTransferEncoding(head: MessageHead, index: number): number {
  const { bytes } = head;
  if (head.isChunked) return MALFORMED;
  const from = head.valueFrom[index] ?? 0;
  const to = head.valueTo[index] ?? 0;
  head.isChunked = equalsTrimmed(bytes, { from, to }, "chunked");
  if (head.isChunked) return 0;
  let last = to;
  while (last > from && bytes[last - 1] !== COMMA) last--;
  return last > from && equalsTrimmed(bytes, { from: last, to }, "chunked") ? UNKNOWN_CODING : MALFORMED;
}

function noteHost(head: MessageHead, index: number): number {
  if (head.hasHost) return MALFORMED;
  head.hasHost = true;
  head.authorityFrom = head.valueFrom[index] ?? 0;
  head.authorityTo = head.valueTo[index] ?? 0;
  return 0;
}
