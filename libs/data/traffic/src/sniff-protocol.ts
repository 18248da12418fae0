/** What a connection's first bytes are; "unknown" until more of them have come. */
export type SniffedProtocol = "http1" | "other" | "unknown";

/** Longest request line that is waited for. */
const MAX_LINE_BYTES = 9 * 1024;

const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32} \S+ HTTP\/1\.[0-9]\r?$/;
const METHOD_SO_FAR = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}( |$)/;

/** Tells an HTTP/1 request from anything else (TLS, HTTP/2's preface, …), as Envoy's `http_inspector` does. */
export function sniffProtocol(bytes: Uint8Array): SniffedProtocol {
  const head = Buffer.from(bytes.subarray(0, MAX_LINE_BYTES)).toString("latin1").replace(/^\r\n/, "");
  if (head === "" || head === "\r") return "unknown";
  const lineEnd = head.indexOf("\n");
  if (lineEnd >= 0) return REQUEST_LINE.test(head.slice(0, lineEnd)) ? "http1" : "other";
  const isPlausible = METHOD_SO_FAR.test(head) && !head.startsWith("PRI *") && head.length < MAX_LINE_BYTES;
  return isPlausible ? "unknown" : "other";
}
