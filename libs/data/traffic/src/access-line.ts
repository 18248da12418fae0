import { ByteWriter, FIELD_KIND, type MessageHead } from "@bookmesh/http1";

/** Room for most lines; a longer one makes its writer grow. */
const LINE_BYTES = 1_024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const LINE_FEED = 0x0a;
const CLOSING_BRACE = 0x7d;
const LAST_CONTROL = 0x1f;
const DELETE = 0x7f;
const MS_DIGITS = 3;
/** `\u0000` */
const ESCAPE_BYTES = 6;

/** What a line tells of a head. */
const HEAD_MEMBERS: readonly string[] = [
  ...["method", "path", "protocol", "authority"],
  ...["request_id", "user_agent", "x_forwarded_for"],
];

/** What a line tells besides the request's head. Times in milliseconds, sizes in bytes; "" stands for nothing. */
export interface LineFacts {
  readonly responseCode: number;
  /** Envoy's `%RESPONSE_FLAGS%`, "-" for none. */
  readonly responseFlags: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly duration: number;
  readonly upstreamHost: string;
  readonly upstreamCluster: string;
  readonly routeName: string;
  readonly attemptCount: number;
  readonly downstreamLocalAddress: string;
  readonly downstreamRemoteAddress: string;
  /** The name that a TLS client asked for. */
  readonly requestedServerName?: string | undefined;
  /** Why a connection was closed before any request. */
  readonly terminationDetails?: string;
}

/**
 * One line of the access log in the making: a JSON object under Istio's names. What the head tells is written while the
 * head is there, byte by byte, so no text of a request becomes a string. One object serves a connection's requests.
 */
export class AccessLine {
  readonly #out = new ByteWriter(LINE_BYTES);
  #second = -1;
  #secondText = "";

  /** Begins with the head of a request. `requestId` is the proxy's own; "": the request has one. */
  begin(head: MessageHead, requestId: string, startTime: number): void {
    this.#begin(startTime);
    this.#name("method");
    this.#quoted(head.bytes, head.methodFrom, head.methodTo);
    this.#path(head);
    this.#text("protocol", head.minor === 1 ? "HTTP/1.1" : "HTTP/1.0");
    this.#name("authority");
    this.#quoted(head.bytes, head.authorityFrom, head.authorityTo);
    if (requestId === "") this.#field("request_id", head, FIELD_KIND.requestId);
    else this.#text("request_id", requestId);
    this.#field("user_agent", head, FIELD_KIND.userAgent);
    this.#field("x_forwarded_for", head, FIELD_KIND.forwardedFor);
  }

  /** Begins where no head could be read. */
  beginUnread(startTime: number): void {
    this.#begin(startTime);
    for (const name of HEAD_MEMBERS) this.#text(name, "");
  }

  /** Ends the line; what it returns is valid until the next one begins. */
  end(facts: LineFacts): Uint8Array {
    const out = this.#out;
    this.#number("response_code", facts.responseCode);
    this.#text("response_flags", facts.responseFlags);
    this.#number("bytes_received", facts.bytesReceived);
    this.#number("bytes_sent", facts.bytesSent);
    this.#number("duration", facts.duration);
    this.#text("upstream_host", facts.upstreamHost);
    this.#text("upstream_cluster", facts.upstreamCluster);
    this.#text("route_name", facts.routeName);
    this.#number("attempt_count", facts.attemptCount);
    this.#text("downstream_local_address", facts.downstreamLocalAddress);
    this.#text("downstream_remote_address", facts.downstreamRemoteAddress);
    if (facts.requestedServerName !== undefined)
      this.#text("requested_server_name", facts.requestedServerName);
    if (facts.terminationDetails !== undefined)
      this.#text("connection_termination_details", facts.terminationDetails);
    out.byte(CLOSING_BRACE);
    out.byte(LINE_FEED);
    return out.bytes.subarray(0, out.length);
  }

  #begin(startTime: number): void {
    const out = this.#out;
    out.length = 0;
    const second = Math.floor(startTime / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = `{"start_time":"${new Date(second * 1_000).toISOString().slice(0, -4)}`;
    }
    out.text(this.#secondText);
    out.text(String(startTime - second * 1_000).padStart(MS_DIGITS, "0"));
    out.text('Z"');
  }

  /** "/" in front where an absolute target names none. */
  #path({ bytes, pathFrom, pathTo }: MessageHead): void {
    const out = this.#out;
    out.text(',"path":"');
    if (pathFrom === pathTo || bytes[pathFrom] === QUESTION_MARK) out.byte(SLASH);
    this.#escaped(bytes, pathFrom, pathTo);
    out.byte(QUOTE);
  }

  #field(name: string, head: MessageHead, kind: number): void {
    this.#name(name);
    const index = head.indexOf(kind);
    this.#quoted(head.bytes, head.valueFrom[index] ?? 0, head.valueTo[index] ?? 0);
  }

  #quoted(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out;
    if (from === to) {
      out.text("null");
      return;
    }
    out.byte(QUOTE);
    this.#escaped(bytes, from, to);
    out.byte(QUOTE);
  }

  /** Latin-1 as the inside of a JSON string in ASCII. */
  #escaped(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out;
    out.reserve((to - from) * ESCAPE_BYTES);
    for (let index = from; index < to; index++) {
      const octet = bytes[index] ?? 0;
      if (isPlainOctet(octet)) out.bytes[out.length++] = octet;
      else out.text(unicodeEscape(octet));
    }
  }

  #text(name: string, text: string): void {
    this.#name(name);
    this.#out.text(text === "" ? "null" : isPlain(text) ? `"${text}"` : escaped(text));
  }

  #number(name: string, value: number): void {
    this.#name(name);
    this.#out.decimal(value);
  }

  #name(name: string): void {
    this.#out.text(',"');
    this.#out.text(name);
    this.#out.text('":');
  }
}

function isPlainOctet(octet: number): boolean {
  return octet > LAST_CONTROL && octet < DELETE && octet !== QUOTE && octet !== BACKSLASH;
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!isPlainOctet(text.charCodeAt(index))) return false;
  return true;
}

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, (character) => unicodeEscape(character.charCodeAt(0)));
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
