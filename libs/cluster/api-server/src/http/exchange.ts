import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, internalError } from "@bookmesh/cluster-api";
import type { Caller } from "@bookmesh/registry";
import { messageOf } from "@bookmesh/kernel";
import type { Status } from "@bookmesh/kube-api";
import { stringify } from "yaml";
import { negotiate, type Negotiated } from "./negotiate.ts";

/** How many warnings one answer carries, and how long each is where all together are long: as Kubernetes, so that headers stay small. */
const MAX_WARNINGS = 64;
const MAX_WARNING_CHARACTERS = 256;
const MAX_TOTAL_CHARACTERS = 4096;

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal;
  /** Kept until the answer's head is written. */
  readonly warnings: string[];
}

/** The form in which the client wants its answer; throws NotAcceptable. */
export function wantedForm({ request }: Exchange): Negotiated {
  const form = negotiate(request.headers.accept);
  if (form) return form;
  throw new ApiError({
    code: 406,
    reason: "NotAcceptable",
    message: "only the following media types are accepted: application/json, application/yaml",
  });
}

/** Answers with an object, in the format that the client wants. */
export function sendObject(exchange: Exchange, code: number, body: unknown): void {
  const { request, response, query } = exchange;
  const yaml = negotiate(request.headers.accept)?.yaml === true;
  const pretty =
    query.get("pretty") === "true" || /^(curl|Wget|Mozilla)/.test(request.headers["user-agent"] ?? "");
  const text = yaml ? stringify(body) : `${JSON.stringify(body, undefined, pretty ? 2 : 0)}\n`;
  send(response, code, {
    headers: { "content-type": yaml ? "application/yaml" : "application/json", ...warningHeader(exchange) },
    text,
  });
}

/** Answers with plain text. */
export function sendText(exchange: Exchange, code: number, text: string): void {
  send(exchange.response, code, {
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    text,
  });
}

/** Answers with whatever went wrong: a refusal as it is, anything else as an internal error. */
export function sendError(exchange: Exchange, error: unknown): void {
  const { status } = error instanceof ApiError ? error : internalError(messageOf(error));
  const retry = status.details?.retryAfterSeconds;
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  if (retry !== undefined) exchange.response.setHeader("retry-after", String(retry));
  sendObject(exchange, status.code, status);
}

/** A successful `Status`: the answer to a delete. */
export function success(details: NonNullable<Status["details"]>): Omit<Status, "code"> {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** The `Warning` headers of an answer. Source: RFC 7234 §5.5, code 299. */
export function warningHeader({ warnings }: Exchange): Readonly<Record<string, string[]>> {
  if (warnings.length === 0) return {};
  const shown = [...new Set(warnings)].slice(0, MAX_WARNINGS);
  const total = shown.reduce((sum, text) => sum + text.length, 0);
  const longest = total > MAX_TOTAL_CHARACTERS ? MAX_WARNING_CHARACTERS : Infinity;
  return { warning: shown.map((text) => `299 - ${quoted(text.slice(0, longest))}`) };
}

/** A quoted string of a header: what does not fit one becomes a space. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]+/g, " ").replace(/["\\]/g, "\\$&")}"`;
}

function send(
  response: ServerResponse,
  code: number,
  { headers, text }: { readonly headers: Readonly<Record<string, string | string[]>>; readonly text: string },
): void {
  response.writeHead(code, {
    "cache-control": "no-cache, private",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
