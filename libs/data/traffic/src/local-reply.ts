import { STATUS_CODES } from "node:http";
import type { ByteWriter } from "@bookmesh/http1";

/** The value of `server` on every answer, as in Istio. */
export const SERVER = "istio-envoy";

/** An answer of the proxy's own. */
export interface LocalReply {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
  /** A limit of the cluster is the reason. */
  readonly isOverloaded?: boolean;
}

/** How it leaves. */
export interface LocalReplyFrame {
  readonly date: string;
  /** HEAD gets the head alone. */
  readonly hasBody: boolean;
  readonly connection: "" | "close" | "keep-alive";
}

/** Writes a local reply, with Envoy's fields. Bodies may hold any text and leave as UTF-8. */
export function writeLocalReply(out: ByteWriter, reply: LocalReply, frame: LocalReplyFrame): void {
  const body = Buffer.from(reply.body);
  out.text(`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? "Unknown"}\r\n`);
  if (reply.location !== undefined) out.field("location", reply.location);
  if (reply.status >= 200 && reply.status !== 204) out.text(`content-length: ${body.length}\r\n`);
  if (body.length > 0) out.text("content-type: text/plain\r\n");
  if (reply.isOverloaded) out.text("x-envoy-overloaded: true\r\n");
  out.text(`date: ${frame.date}\r\nserver: ${SERVER}\r\n`);
  if (frame.connection !== "") out.text(`connection: ${frame.connection}\r\n`);
  out.text("\r\n");
  if (frame.hasBody) out.copy(body, 0, body.length);
}
