import type { ByteWindow } from "./byte-window.ts";
import { MAX_HEAD_BYTES, MAX_TARGET_BYTES } from "./limits.ts";
import type { MessageHead } from "./message-head.ts";
import {
  ASTERISK,
  AUTHORITY,
  COLON,
  CR,
  LF,
  matchesFolded,
  NINE,
  SLASH,
  SPACE,
  TARGET,
  TOKEN,
  ZERO,
} from "./octets.ts";
import { INCOMPLETE, MALFORMED, readFields, TOO_MANY_FIELDS, type HeadOutcome } from "./read-fields.ts";

const TARGET_TOO_LONG = -414;
const UNKNOWN_VERSION = -505;

/** Longest method: the registered ones have at most 17 letters. */
const MAX_METHOD_BYTES = 32;

/** "HTTP/1.x" and the line's end. */
const VERSION_BYTES = 10;
const DOT = 0x2e;

/**
 * Reads a request head in one pass and says where its parts lie. Nothing is repaired: what two readers could
 * understand differently is refused. Source: RFC 9112 §2–§6.
 */
export function readRequestHead(input: ByteWindow, head: MessageHead): HeadOutcome {
  head.reset(input.bytes);
  const outcome = readHead(input, head);
  if (outcome < 0) return outcome;
  const size = (outcome === INCOMPLETE ? input.to : outcome) - input.from;
  if (size > MAX_HEAD_BYTES) return TOO_MANY_FIELDS;
  return outcome === INCOMPLETE ? INCOMPLETE : settle(head, outcome);
}

function readHead(input: ByteWindow, head: MessageHead): HeadOutcome {
  const { bytes, to } = input;
  let at = input.from;
  // One empty line before a request is forgiven: old clients end a body with it. Source: RFC 9112 §2.2.
  if (bytes[at] === CR && to > at) {
    if (to - at < 2) return INCOMPLETE;
    if (bytes[at + 1] !== LF) return MALFORMED;
    at += 2;
  }
  const afterLine = readRequestLine(input, head, at);
  return afterLine <= 0 ? afterLine : readFields(input, head, afterLine);
}

function readRequestLine({ bytes, to }: ByteWindow, head: MessageHead, from: number): HeadOutcome {
  let at = from;
  while (at < to && TOKEN[bytes[at] ?? 0] === 1) at++;
  if (at - from > MAX_METHOD_BYTES) return MALFORMED;
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== SPACE || at === from) return MALFORMED;
  head.methodFrom = from;
  head.methodTo = at++;

  head.targetFrom = at;
  while (at < to && TARGET[bytes[at] ?? 0] === 1) at++;
  if (at - head.targetFrom > MAX_TARGET_BYTES) return TARGET_TOO_LONG;
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== SPACE || at === head.targetFrom) return MALFORMED;
  head.targetTo = at++;

  if (to - at < VERSION_BYTES) return INCOMPLETE;
  if (!matchesVersion(bytes, at)) return versionRefusal(bytes, at);
  head.minor = (bytes[at + 7] ?? 0) - ZERO;
  return at + VERSION_BYTES;
}

/** `HTTP/1.0` or `HTTP/1.1`, in capitals, and the line's end. */
function matchesVersion(bytes: Uint8Array, at: number): boolean {
  const minor = bytes[at + 7];
  const isOneOfOurs = bytes[at + 5] === ZERO + 1 && (minor === ZERO || minor === ZERO + 1);
  return isOneOfOurs && startsWithHttp(bytes, at) && bytes[at + 8] === CR && bytes[at + 9] === LF;
}

/** `HTTP/d.`: letter case counts in the version. */
function startsWithHttp(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === SLASH &&
    bytes[at + 6] === DOT
  );
}

/** 505 where the line names another version of HTTP properly, 400 where it is no version at all. */
function versionRefusal(bytes: Uint8Array, at: number): HeadOutcome {
  const isDigit = (octet = 0) => octet >= ZERO && octet <= NINE;
  const isVersion =
    startsWithHttp(bytes, at) && isDigit(bytes[at + 5]) && isDigit(bytes[at + 7]) && bytes[at + 9] === LF;
  return isVersion ? UNKNOWN_VERSION : MALFORMED;
}

/** What only the whole head can tell: one host, one framing, a target of a known form. */
function settle(head: MessageHead, end: number): HeadOutcome {
  if (!head.hasHost && head.minor === 1) return MALFORMED;
  if (!head.hasHost) head.authorityFrom = head.authorityTo = head.targetFrom;
  if (head.isChunked && (head.contentLength >= 0 || head.minor === 0)) return MALFORMED;
  if (head.hasHost && !isAuthority(head, head.authorityFrom, head.authorityTo)) return MALFORMED;
  return readTarget(head) ? end : MALFORMED;
}

function readTarget(head: MessageHead): boolean {
  const { bytes, targetFrom: from, targetTo: to } = head;
  head.isHttps = false;
  head.pathFrom = from;
  head.pathTo = to;
  const isConnect = head.methodTo - head.methodFrom === 7 && matchesFolded(bytes, head.methodFrom, "connect");
  if (isConnect) return readConnectTarget(head);
  if (bytes[from] === SLASH) {
    head.form = "origin";
    return true;
  }
  if (bytes[from] === ASTERISK) {
    head.form = "asterisk";
    return to - from === 1 && matchesFolded(bytes, head.methodFrom, "options");
  }
  return readAbsoluteTarget(head);
}

function readConnectTarget(head: MessageHead): boolean {
  head.form = "authority";
  head.pathTo = head.pathFrom;
  head.authorityFrom = head.targetFrom;
  head.authorityTo = head.targetTo;
  let colon = head.targetTo - 1;
  while (colon > head.targetFrom && head.bytes[colon] !== COLON) colon--;
  return (
    colon > head.targetFrom && colon < head.targetTo - 1 && isAuthority(head, head.targetFrom, head.targetTo)
  );
}

/** Its authority counts, whatever Host says. Source: RFC 9112 §3.2.2. */
function readAbsoluteTarget(head: MessageHead): boolean {
  const { bytes, targetFrom, targetTo } = head;
  const isHttp = matchesFolded(bytes, targetFrom, "http://");
  head.isHttps = !isHttp && matchesFolded(bytes, targetFrom, "https://");
  if (!isHttp && !head.isHttps) return false;
  head.form = "absolute";
  const from = targetFrom + (isHttp ? 7 : 8);
  let at = from;
  while (at < targetTo && AUTHORITY[bytes[at] ?? 0] === 1) at++;
  head.authorityFrom = from;
  head.authorityTo = Math.min(at, targetTo);
  head.pathFrom = head.authorityTo;
  // What follows the authority is a path, a query, or nothing; userinfo ends up here and is refused.
  const isBareQuery = bytes[at] === 0x3f;
  return at > from && from < targetTo && (at >= targetTo || bytes[at] === SLASH || isBareQuery);
}

function isAuthority({ bytes }: MessageHead, from: number, to: number): boolean {
  let at = from;
  while (at < to && AUTHORITY[bytes[at] ?? 0] === 1) at++;
  return at === to && to > from;
}
