import type { ByteWriter } from "./byte-writer.ts";
import { FIELD_KIND } from "./field-kind.ts";
import { copyEditedFields, copyFields, type DroppedKinds, type FieldEdits } from "./head-writing.ts";
import type { MessageHead } from "./message-head.ts";

/** What a request's head gets on its way upstream. One record is filled anew for each request. */
export interface RequestRewrite {
  /** Replaces Host; `undefined` keeps what was sent. */
  authority: string | undefined;
  /** Replaces path and query; `undefined` keeps what was sent. */
  path: string | undefined;
  edits: FieldEdits | undefined;
  /** Used where the request has no `x-request-id`. */
  requestId: string;
  /** Joins the end of `x-forwarded-for`; "" leaves that field as it is. */
  forwardedFor: string;
  /** Used where the request has no `x-forwarded-proto`, or none that is believed. */
  forwardedProto: string;
  /**
   * The request comes from outside: what it says of its id and scheme is not believed, and `forwardedFor` is told the
   * service as the caller's address. Source: Envoy, `use_remote_address`.
   */
  isFromOutside: boolean;
  /** Asks for a WebSocket upstream as the client did here. */
  isUpgrade: boolean;
}

const DROPPED: DroppedKinds = droppedKinds(
  FIELD_KIND.host,
  FIELD_KIND.connection,
  FIELD_KIND.transferEncoding,
  FIELD_KIND.expect, // the proxy answers it itself, as Envoy does
  FIELD_KIND.upgrade,
  FIELD_KIND.keepAlive,
  FIELD_KIND.hopByHop,
  FIELD_KIND.proxyOnly,
);

const DROPPED_WITH_FORWARDED_FOR = withDropped(DROPPED, FIELD_KIND.forwardedFor);

const DROPPED_FROM_OUTSIDE = withDropped(
  DROPPED_WITH_FORWARDED_FOR,
  FIELD_KIND.forwardedProto,
  FIELD_KIND.requestId,
);

/** A table for `copyFields` with these kinds left out. */
export function droppedKinds(...kinds: readonly number[]): DroppedKinds {
  return withDropped(new Uint8Array(32), ...kinds);
}

function withDropped(table: DroppedKinds, ...kinds: readonly number[]): DroppedKinds {
  const wider = Uint8Array.from(table);
  for (const kind of kinds) wider[kind] = 1;
  return wider;
}

/**
 * Writes the head that goes upstream but for its last field and the empty line (`writeAttempt`), so that another
 * attempt changes nothing else. Hop-by-hop fields are gone by their standard names; what else `Connection` names
 * stays, or a client could strip the fields that a service relies on.
 */
export function writeRequestHead(out: ByteWriter, head: MessageHead, rewrite: RequestRewrite): void {
  const { bytes } = head;
  out.copy(bytes, head.methodFrom, head.methodTo + 1);
  writeTarget(out, head, rewrite.path);
  out.text(" HTTP/1.1\r\nhost: ");
  if (rewrite.authority === undefined) out.copy(bytes, head.authorityFrom, head.authorityTo);
  else out.text(checked(rewrite.authority));
  out.text("\r\n");

  const dropped = droppedBy(rewrite);
  if (rewrite.edits === undefined) copyFields(out, head, dropped);
  else copyEditedFields(out, head, { dropped, edits: rewrite.edits });

  if (head.isChunked) out.text("transfer-encoding: chunked\r\n");
  if (rewrite.isUpgrade) out.text("connection: Upgrade\r\nupgrade: websocket\r\n");
  if (rewrite.isFromOutside || head.indexOf(FIELD_KIND.requestId) < 0)
    writeLine(out, "x-request-id: ", rewrite.requestId);
  if (rewrite.isFromOutside || head.indexOf(FIELD_KIND.forwardedProto) < 0)
    writeLine(out, "x-forwarded-proto: ", rewrite.forwardedProto);
  if (rewrite.forwardedFor !== "") writeForwardedFor(out, head, rewrite.forwardedFor);
  if (rewrite.isFromOutside) writeLine(out, "x-envoy-external-address: ", rewrite.forwardedFor);
}

function droppedBy({ isFromOutside, forwardedFor }: RequestRewrite): DroppedKinds {
  if (isFromOutside) return DROPPED_FROM_OUTSIDE;
  return forwardedFor === "" ? DROPPED : DROPPED_WITH_FORWARDED_FOR;
}

/** Ends a head with the number of the attempt, 1 for the first. */
export function writeAttempt(out: ByteWriter, attempt: number): void {
  out.text("x-envoy-attempt-count: ");
  out.decimal(attempt);
  out.text("\r\n\r\n");
}

function writeTarget(out: ByteWriter, head: MessageHead, path: string | undefined): void {
  if (path !== undefined) {
    out.text(checked(path));
    return;
  }
  const { bytes, pathFrom, pathTo } = head;
  const isRooted = pathTo > pathFrom && bytes[pathFrom] !== 0x3f;
  if (!isRooted) out.text("/");
  out.copy(bytes, pathFrom, pathTo);
}

function writeForwardedFor(out: ByteWriter, head: MessageHead, address: string): void {
  out.text("x-forwarded-for: ");
  for (let index = 0; index < head.fieldCount; index++) {
    if (head.kinds[index] !== FIELD_KIND.forwardedFor) continue;
    out.copy(head.bytes, head.valueFrom[index] ?? 0, head.valueTo[index] ?? 0);
    out.text(", ");
  }
  out.text(address);
  out.text("\r\n");
}

function writeLine(out: ByteWriter, start: string, value: string): void {
  out.text(start);
  out.text(value);
  out.text("\r\n");
}

/** Throws rather than let a configured text split the head. */
function checked(text: string): string {
  if (/[^\x21-\x7e]/.test(text)) throw new Error(`"${text}" cannot stand in a request's first lines.`);
  return text;
}
