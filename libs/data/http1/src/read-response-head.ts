import type { ByteWindow } from "./byte-window.ts";
import { MAX_HEAD_BYTES } from "./limits.ts";
import type { MessageHead } from "./message-head.ts";
import { CR, FIELD_VALUE, LF, NINE, SPACE, ZERO } from "./octets.ts";
import { INCOMPLETE, MALFORMED, readFields, TOO_MANY_FIELDS, type HeadOutcome } from "./read-fields.ts";

/** "HTTP/1.1 200" */
const STATUS_BYTES = 12;
const HTTP_1 = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e] as const;

/** Reads a response head in one pass. A refusal's number is not for the client: its answer is a 502. */
export function readResponseHead(input: ByteWindow, head: MessageHead): HeadOutcome {
  head.reset(input.bytes);
  const afterLine = readStatusLine(input, head);
  const outcome = afterLine <= 0 ? afterLine : readFields(input, head, afterLine);
  if (outcome < 0) return outcome;
  const size = (outcome === INCOMPLETE ? input.to : outcome) - input.from;
  if (size > MAX_HEAD_BYTES) return TOO_MANY_FIELDS;
  const isAmbiguous = head.isChunked && (head.contentLength >= 0 || head.minor === 0);
  return isAmbiguous ? MALFORMED : outcome;
}

function readStatusLine({ bytes, from, to }: ByteWindow, head: MessageHead): HeadOutcome {
  for (let index = 0; index < HTTP_1.length && from + index < to; index++) {
    if (bytes[from + index] !== HTTP_1[index]) return MALFORMED;
  }
  if (to - from < STATUS_BYTES + 1) return INCOMPLETE;
  const minor = (bytes[from + 7] ?? 0) - ZERO;
  const status = digits(bytes, from + 9);
  if ((minor !== 0 && minor !== 1) || bytes[from + 8] !== SPACE || status < 100) return MALFORMED;
  head.minor = minor;
  head.status = status;
  let at = from + STATUS_BYTES;
  if (bytes[at] === SPACE) at++;
  else if (bytes[at] !== CR) return MALFORMED;
  head.reasonFrom = at;
  while (at < to && FIELD_VALUE[bytes[at] ?? 0] === 1) at++;
  head.reasonTo = at;
  if (at === to) return INCOMPLETE;
  if (bytes[at] !== CR) return MALFORMED;
  if (at + 1 === to) return INCOMPLETE;
  return bytes[at + 1] === LF ? at + 2 : MALFORMED;
}

/** Three digits as a number, −1 where one is none. */
function digits(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let at = from; at < from + 3; at++) {
    const octet = bytes[at] ?? 0;
    if (octet < ZERO || octet > NINE) return -1;
    value = value * 10 + (octet - ZERO);
  }
  return value;
}
