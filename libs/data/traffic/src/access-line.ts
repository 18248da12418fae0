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

/** Behind a member whose value is not known. */
const NULL = "null";

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
  readonly terminationDetails?: string | undefined;
}

/**
 * One line of the access log in the making: a JSON object under Istio's names. What the head tells is written while the
 * head is there, byte by byte, so no text of a request becomes a string. One object serves a connection's requests.
 */
export class AccessLine {
  readonly #out = new ByteWriter(LINE_BYTES);
  #second = -1;
  #secondText = "";
  /** The members that most requests of a connection have in common, and what they were made of. */
  readonly #tail = new ByteWriter(LINE_BYTES);
  #tailOf: TailFacts | undefined;

  /** Begins with the head of a request. `requestId` is the proxy's own; "": the request has one. */
  begin(head: MessageHead, requestId: string, startTime: number): void {
    const out = this.#out;
    this.#begin(startTime);
    out.text(',"method":');
    this.#quoted(head.bytes, head.methodFrom, head.methodTo);
    out.text(',"path":"');
    this.#path(head);
    out.text(
      head.minor === 1 ? '","protocol":"HTTP/1.1","authority":' : '","protocol":"HTTP/1.0","authority":',
    );
    this.#quoted(head.bytes, head.authorityFrom, head.authorityTo);
    out.text(',"request_id":');
    if (requestId === "") this.#field(head, FIELD_KIND.requestId);
    else writeText(out, requestId);
    out.text(',"user_agent":');
    this.#field(head, FIELD_KIND.userAgent);
    out.text(',"x_forwarded_for":');
    this.#field(head, FIELD_KIND.forwardedFor);
  }

  /** Begins where no head could be read. */
  beginUnread(startTime: number): void {
    this.#begin(startTime);
    for (const name of HEAD_MEMBERS) this.#out.text(`,"${name}":${NULL}`);
  }

  /** Ends the line; what it returns is valid until the next one begins. */
  end(facts: LineFacts): Uint8Array {
    const out = this.#out;
    out.text(',"response_code":');
    out.decimal(facts.responseCode);
    out.text(',"response_flags":');
    writeText(out, facts.responseFlags);
    out.text(',"bytes_received":');
    out.decimal(facts.bytesReceived);
    out.text(',"bytes_sent":');
    out.decimal(facts.bytesSent);
    out.text(',"duration":');
    out.decimal(facts.duration);
    out.text(',"attempt_count":');
    out.decimal(facts.attemptCount);
    out.text(',"upstream_host":');
    writeText(out, facts.upstreamHost);
    if (this.#tailOf === undefined || !isSameTail(this.#tailOf, facts)) this.#writeTail(facts);
    out.copy(this.#tail.bytes, 0, this.#tail.length);
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

  #writeTail(facts: LineFacts): void {
    const { upstreamCluster, routeName, downstreamLocalAddress, downstreamRemoteAddress } = facts;
    const { requestedServerName, terminationDetails } = facts;
    const tail = this.#tail;
    tail.length = 0;
    const write = (name: string, text: string) => {
      tail.text(`,"${name}":`);
      writeText(tail, text);
    };
    write("upstream_cluster", upstreamCluster);
    write("route_name", routeName);
    write("downstream_local_address", downstreamLocalAddress);
    write("downstream_remote_address", downstreamRemoteAddress);
    if (requestedServerName !== undefined) write("requested_server_name", requestedServerName);
    if (terminationDetails !== undefined) write("connection_termination_details", terminationDetails);
    tail.byte(CLOSING_BRACE);
    tail.byte(LINE_FEED);
    this.#tailOf = facts;
  }

  /** "/" in front where an absolute target names none. */
  #path({ bytes, pathFrom, pathTo }: MessageHead): void {
    if (pathFrom === pathTo || bytes[pathFrom] === QUESTION_MARK) this.#out.byte(SLASH);
    this.#escaped(bytes, pathFrom, pathTo);
  }

  #field(head: MessageHead, kind: number): void {
    const index = head.indexOf(kind);
    this.#quoted(head.bytes, head.valueFrom[index] ?? 0, head.valueTo[index] ?? 0);
  }

  #quoted(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out;
    if (from === to) {
      out.text(NULL);
      return;
    }
    out.byte(QUOTE);
    this.#escaped(bytes, from, to);
    out.byte(QUOTE);
  }

  /** Latin-1 as the inside of a JSON string in ASCII. */
  #escaped(source: Uint8Array, from: number, to: number): void {
    const out = this.#out;
    out.reserve((to - from) * ESCAPE_BYTES);
    const { bytes } = out;
    let at = out.length;
    for (let index = from; index < to; index++) {
      const octet = source[index] ?? 0;
      if (isPlainOctet(octet)) bytes[at++] = octet;
      else {
        out.length = at;
        out.text(unicodeEscape(octet));
        at = out.length;
      }
    }
    out.length = at;
  }
}

/** The facts that a line ends with: hardly ever others for the next request of a connection. */
type TailFacts = Pick<
  LineFacts,
  | "upstreamCluster"
  | "routeName"
  | "downstreamLocalAddress"
  | "downstreamRemoteAddress"
  | "requestedServerName"
  | "terminationDetails"
>;

function isSameTail(one: TailFacts, other: TailFacts): boolean {
  return (
    one.upstreamCluster === other.upstreamCluster &&
    one.routeName === other.routeName &&
    one.downstreamRemoteAddress === other.downstreamRemoteAddress &&
    one.downstreamLocalAddress === other.downstreamLocalAddress &&
    one.requestedServerName === other.requestedServerName &&
    one.terminationDetails === other.terminationDetails
  );
}

/** As a JSON string; "" stands for nothing. */
function writeText(out: ByteWriter, text: string): void {
  if (text === "" || !isPlain(text)) {
    out.text(text === "" ? NULL : escaped(text));
    return;
  }
  out.byte(QUOTE);
  out.text(text);
  out.byte(QUOTE);
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
