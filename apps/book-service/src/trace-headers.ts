import type { IncomingHttpHeaders } from "node:http";

/**
 * The header fields that join the spans of one request: W3C Trace Context, B3 in both forms, Envoy's request id.
 * All a service must do to be traced is to send on what it was sent.
 */
const TRACE_HEADERS = [
  "x-request-id",
  "traceparent",
  "tracestate",
  "baggage",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
] as const;

/** Those of `headers` that an outgoing request of the same trace must carry. */
export function traceHeadersOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    TRACE_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
