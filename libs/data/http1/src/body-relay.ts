import type { ByteWindow } from "./byte-window.ts";
import { hexDigits, type ByteWriter } from "./byte-writer.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import type { MessageHead } from "./message-head.ts";

/** How the end of a body is known. Source: RFC 9112 §6.3. */
export type BodyFraming = "none" | "length" | "chunked" | "untilClose";

/** How a request's body ends. */
export function requestFraming(head: MessageHead): BodyFraming {
  if (head.isChunked) return "chunked";
  return head.contentLength > 0 ? "length" : "none";
}

/** How a response's body ends: HEAD, 1xx, 204 and 304 have none, whatever their fields say. */
export function responseFraming(head: MessageHead, isAnswerToHead: boolean): BodyFraming {
  const { status } = head;
  if (isAnswerToHead || status < 200 || status === 204 || status === 304) return "none";
  if (head.isChunked) return "chunked";
  if (head.contentLength < 0) return "untilClose";
  return head.contentLength > 0 ? "length" : "none";
}

/** Bytes that a chunk's framing may add to the data of one read: two line ends beside the size. */
const CHUNK_LINES_BYTES = 4;
const LAST_CHUNK = "0\r\n\r\n";

/** Moves one message's body from the bytes of one connection into those of another, framing it anew. */
export class BodyRelay {
  isDone = true;
  /** Body bytes that passed, framing left out. */
  bodyBytes = 0;
  #framing: BodyFraming = "none";
  #remaining = 0;
  #writesChunks = false;
  readonly #decoder = new ChunkedDecoder();

  /** `writesChunks`: the other side gets the chunked coding; else the bare bytes. */
  begin(framing: BodyFraming, length: number, writesChunks: boolean): void {
    this.#framing = framing;
    this.#remaining = framing === "length" ? length : 0;
    this.#writesChunks = writesChunks && framing !== "none";
    this.isDone = framing === "none";
    this.bodyBytes = 0;
    if (framing === "chunked") this.#decoder.reset();
  }

  get endsWithConnection(): boolean {
    return this.#framing === "untilClose";
  }

  /** Takes from `input` what belongs to this body. Returns false where its framing is broken. */
  relay(input: ByteWindow, out: ByteWriter): boolean {
    if (this.isDone || input.size === 0) return true;
    return this.#writesChunks ? this.#relayAsChunk(input, out) : this.#decode(input, out);
  }

  #relayAsChunk(input: ByteWindow, out: ByteWriter): boolean {
    // All data of one read leaves as one chunk, so that a peer's one-byte chunks cost the other side nothing.
    const start = out.length;
    const dataFrom = start + hexDigits(input.size) + 2;
    out.reserve(input.size + CHUNK_LINES_BYTES + LAST_CHUNK.length + hexDigits(input.size));
    out.length = dataFrom;
    const isSound = this.#decode(input, out);
    const size = out.length - dataFrom;
    frameChunk(out, { start, dataFrom, size });
    if (this.isDone) out.text(LAST_CHUNK);
    return isSound;
  }

  /** The connection has ended: that completes a body without other framing, and cuts any other. */
  end(out: ByteWriter): boolean {
    if (this.isDone) return true;
    if (this.#framing !== "untilClose") return false;
    this.isDone = true;
    if (this.#writesChunks) out.text(LAST_CHUNK);
    return true;
  }

  #decode(input: ByteWindow, out: ByteWriter): boolean {
    if (this.#framing === "chunked") return this.#decodeChunks(input, out);
    const size = this.#framing === "length" ? Math.min(input.size, this.#remaining) : input.size;
    out.copy(input.bytes, input.from, input.from + size);
    input.from += size;
    this.bodyBytes += size;
    this.#remaining -= size;
    this.isDone = this.#framing === "length" && this.#remaining === 0;
    return true;
  }

  #decodeChunks(input: ByteWindow, out: ByteWriter): boolean {
    const decoder = this.#decoder;
    for (;;) {
      const step = decoder.next(input);
      if (step === "data") {
        out.copy(input.bytes, decoder.dataFrom, decoder.dataTo);
        this.bodyBytes += decoder.dataTo - decoder.dataFrom;
        continue;
      }
      this.isDone = step === "done";
      return step !== "bad";
    }
  }
}

/** Puts the size line before data that were written behind room for it, closing up where the line is shorter. */
function frameChunk(
  out: ByteWriter,
  { start, dataFrom, size }: { readonly start: number; readonly dataFrom: number; readonly size: number },
): void {
  out.length = start;
  if (size === 0) return;
  out.chunkSize(size);
  if (out.length < dataFrom) out.bytes.copyWithin(out.length, dataFrom, dataFrom + size);
  out.length += size;
  out.text("\r\n");
}
