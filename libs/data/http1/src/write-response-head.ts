import type { BodyFraming } from "./body-relay.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { FIELD_KIND } from "./field-kind.ts";
import { copyEditedFields, copyFields, type FieldEdits } from "./head-writing.ts";
import type { MessageHead } from "./message-head.ts";
import { droppedKinds } from "./write-request-head.ts";

/** What a response's head gets on its way to the client. */
export interface ResponseRewrite {
  edits: FieldEdits | undefined;
  /** The value of `server`. */
  server: string;
  /** The value of `date` where the upstream sent none. */
  date: string;
  /** The value of `x-envoy-upstream-service-time`; −1 leaves it out. */
  serviceTimeMs: number;
  /** The value of `connection`; "" leaves it out. */
  connection: "" | "close" | "keep-alive" | "upgrade";
  /** The body leaves in the chunked coding. */
  writesChunks: boolean;
}

const ALWAYS_DROPPED = [
  FIELD_KIND.connection,
  FIELD_KIND.transferEncoding,
  FIELD_KIND.upgrade,
  FIELD_KIND.keepAlive,
  FIELD_KIND.hopByHop,
  FIELD_KIND.proxyOnly,
  FIELD_KIND.server,
] as const;

const DROPPED = droppedKinds(...ALWAYS_DROPPED);

/** A 204 or 1xx with a length would frame a body that does not come. Source: RFC 9110 §8.6. */
const DROPPED_WITHOUT_LENGTH = droppedKinds(...ALWAYS_DROPPED, FIELD_KIND.contentLength);

/** Writes the head that goes to the client. */
export function writeResponseHead(out: ByteWriter, head: MessageHead, rewrite: ResponseRewrite): void {
  out.text("HTTP/1.1 ");
  out.decimal(head.status);
  out.text(" ");
  out.copy(head.bytes, head.reasonFrom, head.reasonTo);
  out.text("\r\n");
  const dropped = head.status === 204 || head.status < 200 ? DROPPED_WITHOUT_LENGTH : DROPPED;
  if (rewrite.edits === undefined) copyFields(out, head, dropped);
  else copyEditedFields(out, head, { dropped, edits: rewrite.edits });
  if (rewrite.writesChunks) out.text("transfer-encoding: chunked\r\n");
  if (rewrite.serviceTimeMs >= 0) {
    out.text("x-envoy-upstream-service-time: ");
    out.decimal(rewrite.serviceTimeMs);
    out.text("\r\n");
  }
  if (head.indexOf(FIELD_KIND.date) < 0) {
    out.text("date: ");
    out.text(rewrite.date);
    out.text("\r\n");
  }
  out.text("server: ");
  out.text(rewrite.server);
  out.text("\r\n");
  writeConnection(out, rewrite.connection);
  out.text("\r\n");
}

function writeConnection(out: ByteWriter, connection: ResponseRewrite["connection"]): void {
  if (connection === "") return;
  if (connection === "upgrade") out.text("connection: upgrade\r\nupgrade: websocket\r\n");
  else out.text(`connection: ${connection}\r\n`);
}

/** Says whether a body that ends as `framing` says must be chunked for a client of HTTP/1.`minor`. */
export function needsChunks(framing: BodyFraming, minor: number): boolean {
  return minor === 1 && (framing === "chunked" || framing === "untilClose");
}
