import { STATUS_CODES } from "node:http";
import { ApiError, internalError } from "@bookmesh/cluster-api";
import type { Duplex } from "node:stream";
import { messageOf } from "@bookmesh/kernel";

/** Answers a request for an upgrade with a `Status` instead. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status } = error instanceof ApiError ? error : internalError(messageOf(error));
  const body = JSON.stringify(status);
  const head = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
