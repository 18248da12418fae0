import {
  BodyRelay,
  ByteWriter,
  latin1,
  requestFraming,
  writeAttempt,
  writeRequestHead,
  type ByteWindow,
  type MessageHead,
} from "@bookmesh/http1";
import { allocate, HEAD_BYTES, type DataPath } from "./data-path.ts";
import type { ForwardPlan } from "./plan-request.ts";
import type { Wire } from "./wire.ts";

/** Body bytes kept for another attempt; a longer body is sent once. */
const MAX_REPLAY_BYTES = 64 * 1024;

/** A proxy repeats no others by itself. Source: RFC 9110 §9.2.2. */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]);
const LONGEST_METHOD = 7;

/** The attempt's number is one digit, so that a repetition changes one byte. */
const MAX_ATTEMPT_DIGIT = 9;
const ZERO = 0x30;

/** Digit, two line ends. */
const ATTEMPT_TAIL_BYTES = 5;

/** What the head of one request becomes upstream, apart from its route. */
export interface OutgoingHead {
  readonly authority: string | undefined;
  readonly requestId: string;
  readonly forwardedFor: string;
  readonly forwardedProto: "http" | "https";
  readonly isFromOutside: boolean;
  readonly isUpgrade: boolean;
}

/** A request as it leaves: its head, and its body as long as all of it may have to be sent again. */
export class OutgoingRequest {
  readonly #path: DataPath;
  readonly #kept = new ByteWriter(HEAD_BYTES, allocate);
  readonly #body = new BodyRelay();
  #headBytes = 0;
  #sentTo = 0;
  #isWhole = true;
  #areBytesLeft = false;

  constructor(path: DataPath) {
    this.#path = path;
  }

  /** The client has sent all of it. */
  get isDone(): boolean {
    return this.#body.isDone;
  }

  /** Nothing of it has been let go: it can be sent again. */
  get isReplayable(): boolean {
    return this.#isWhole;
  }

  /** Its host may have carried it out without having said so: that is as good as not having got it. */
  get isIdempotent(): boolean {
    const [method = ""] = latin1(this.#kept.bytes, 0, LONGEST_METHOD + 1).split(" ");
    return IDEMPOTENT_METHODS.has(method);
  }

  /** All its bytes, to be read at once; `undefined` where not all were kept. */
  get whole(): Uint8Array | undefined {
    return this.#isWhole ? this.#kept.bytes.subarray(0, this.#kept.length) : undefined;
  }

  get bodyBytes(): number {
    return this.#body.bodyBytes;
  }

  begin(head: MessageHead, outgoing: OutgoingHead, { action, authority, path }: ForwardPlan): void {
    const kept = this.#kept;
    if (this.#areBytesLeft || kept.bytes.length > MAX_REPLAY_BYTES) kept.giveAway(HEAD_BYTES);
    this.#areBytesLeft = false;
    kept.length = 0;
    writeRequestHead(kept, head, {
      authority: authority ?? outgoing.authority,
      path,
      edits: action.edits,
      requestId: outgoing.requestId,
      forwardedFor: outgoing.forwardedFor,
      forwardedProto: outgoing.forwardedProto,
      isFromOutside: outgoing.isFromOutside,
      isUpgrade: outgoing.isUpgrade,
    });
    writeAttempt(kept, 1);
    this.#headBytes = kept.length;
    this.#sentTo = 0;
    this.#isWhole = true;
    const framing = requestFraming(head);
    this.#body.begin(framing, head.contentLength, framing === "chunked");
  }

  /** Takes body bytes and sends them on where there is a connection. Returns false where their framing is broken. */
  take(input: ByteWindow, wire: Wire | undefined): boolean {
    const { out } = this.#path;
    const isSound = this.#body.relay(input, this.#isWhole ? this.#kept : out);
    if (!isSound) {
      out.length = 0;
      return false;
    }
    if (!wire) return true;
    if (this.#isWhole) this.#sendKept(wire);
    else wire.flush(out);
    return true;
  }

  /** Sends all there is of it so far, as attempt number `attempt`. */
  send(wire: Wire, attempt: number): void {
    this.#kept.bytes[this.#headBytes - ATTEMPT_TAIL_BYTES] = ZERO + Math.min(attempt, MAX_ATTEMPT_DIGIT);
    this.#sentTo = 0;
    this.#sendKept(wire);
  }

  /** The kernel may still read what was sent: the next request is written elsewhere. */
  leaveBytes(): void {
    this.#areBytesLeft = true;
  }

  #sendKept(wire: Wire): void {
    const { length } = this.#kept;
    if (length > this.#sentTo) wire.write(this.#kept.bytes.subarray(this.#sentTo, length));
    this.#sentTo = length;
    this.#isWhole = this.#body.isDone || length - this.#headBytes <= MAX_REPLAY_BYTES;
  }
}
