import { propertyRuns } from "@bookmesh/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyRelay, requestFraming } from "./body-relay.ts";
import { ByteWindow } from "./byte-window.ts";
import { ByteWriter } from "./byte-writer.ts";
import { latin1, MessageHead } from "./message-head.ts";
import { readRequestHead } from "./read-request-head.ts";

/** What both readers say of a stream of requests: each one's first line, host and body, and how it ended. */
interface Story {
  readonly requests: readonly { readonly line: string; readonly host: string; readonly body: string }[];
  readonly end: "clean" | "cut" | "refused";
}

/** A plain reader of whole streams, by regular expressions; it knows only what the generator below writes. */
function readPlainly(stream: string): Story {
  const requests: { line: string; host: string; body: string }[] = [];
  let rest = stream;
  while (rest !== "") {
    const headEnd = rest.indexOf("\r\n\r\n");
    const lines = (headEnd < 0 ? rest : rest.slice(0, headEnd)).split("\r\n");
    const isBad = (text: string) => !/^[!-9;-~]+:[\t -~]*$/.test(text);
    const complete = headEnd < 0 ? lines.slice(0, -1) : lines;
    if (complete.slice(1).some(isBad)) return { requests, end: "refused" };
    if (headEnd < 0) return { requests, end: "cut" };
    const values = (name: string) =>
      lines.flatMap((text) =>
        text.toLowerCase().startsWith(`${name}:`) ? [text.slice(name.length + 1).trim()] : [],
      );
    const lengths = values("content-length");
    const codings = values("transfer-encoding");
    const isAmbiguous = lengths.length + codings.length > 1 || values("host").length !== 1;
    if (isAmbiguous || lengths.some((text) => !/^\d+$/.test(text))) return { requests, end: "refused" };
    const behind = rest.slice(headEnd + 4);
    const body = codings.length > 0 ? plainChunks(behind) : plainLength(behind, Number(lengths[0] ?? 0));
    if (typeof body === "string") return { requests, end: body };
    requests.push({ line: lines[0] ?? "", host: values("host")[0] ?? "", body: body.text });
    rest = behind.slice(body.size);
  }
  return { requests, end: "clean" };
}

type PlainBody = { readonly text: string; readonly size: number } | "cut" | "refused";

function plainLength(behind: string, length: number): PlainBody {
  return behind.length < length ? "cut" : { text: behind.slice(0, length), size: length };
}

function plainChunks(behind: string): PlainBody {
  let text = "";
  let at = 0;
  for (;;) {
    const size = /^([0-9a-fA-F]{1,13})\r\n/.exec(behind.slice(at));
    if (!size) return /^[0-9a-fA-F]{0,13}\r?$/.test(behind.slice(at)) ? "cut" : "refused";
    const length = parseInt(size[1] ?? "", 16);
    at += size[0].length;
    const data = behind.slice(at, at + length);
    if (data.length < length) return "cut";
    const lineEnd = behind.slice(at + length, at + length + 2);
    if (!"\r\n".startsWith(lineEnd)) return "refused";
    if (lineEnd.length < 2) return "cut";
    at += length + 2;
    text += data;
    if (length === 0) return { text, size: at };
  }
}

/** The codec, fed pieces of the stream as a connection would be. */
function readInPieces(stream: string, cuts: readonly number[]): Story {
  const bytes = Uint8Array.from(stream, (character) => character.charCodeAt(0));
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const reader = new PieceReader(bytes);
  for (const to of ends) if (!reader.read(to)) return { requests: reader.requests, end: "refused" };
  return { requests: reader.requests, end: reader.isBetweenRequests ? "clean" : "cut" };
}

class PieceReader {
  readonly requests: { line: string; host: string; body: string }[] = [];
  readonly #bytes: Uint8Array;
  readonly #head = new MessageHead();
  readonly #body = new BodyRelay();
  readonly #out = new ByteWriter(16);
  #started = { line: "", host: "" };
  #from = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isBetweenRequests(): boolean {
    return this.#body.isDone && this.#from === this.#bytes.length;
  }

  /** Returns false where the stream is refused. */
  read(to: number): boolean {
    const input = new ByteWindow().move(this.#bytes, this.#from, to);
    while (input.size > 0) {
      const step = this.#body.isDone ? this.#readHead(input) : "read";
      if (step === "refused" || !this.#body.relay(input, this.#out)) return false;
      if (step === "wait") break;
      if (this.#body.isDone)
        this.requests.push({ ...this.#started, body: latin1(this.#out.bytes, 0, this.#out.length) });
    }
    this.#from = input.from;
    return true;
  }

  #readHead(input: ByteWindow): "read" | "wait" | "refused" {
    const head = this.#head;
    const outcome = readRequestHead(input, head);
    if (outcome <= 0) return outcome === 0 ? "wait" : "refused";
    input.from = outcome;
    this.#out.length = 0;
    this.#body.begin(requestFraming(head), head.contentLength, false);
    const line = `${latin1(head.bytes, head.methodFrom, head.targetTo)} HTTP/1.${head.minor}`;
    this.#started = { line, host: latin1(head.bytes, head.authorityFrom, head.authorityTo) };
    return "read";
  }
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const field = fc
  .tuple(word, fc.stringMatching(/^ ?[a-z ]{0,6}$/))
  .map(([name, value]) => `x-${name}:${value}\r\n`);
const framed = fc.oneof(
  fc.constant({ fields: "", body: "" }),
  fc
    .stringMatching(/^[a-z\r\n]{0,20}$/)
    .map((body) => ({ fields: `Content-Length: ${body.length}\r\n`, body })),
  fc.array(fc.stringMatching(/^[a-z\r\n]{1,20}$/), { maxLength: 4 }).map((chunks) => ({
    fields: "Transfer-Encoding: chunked\r\n",
    body: [...chunks, ""].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(""),
  })),
);
const message = fc
  .record({ path: word, host: word, fields: fc.array(field, { maxLength: 5 }), framed })
  .map(
    ({ path, host, fields, framed: { fields: framing, body } }) =>
      `POST /${path} HTTP/1.1\r\nHost: ${host}\r\n${fields.join("")}${framing}\r\n${body}`,
  );
const stream = fc.array(message, { minLength: 1, maxLength: 4 }).map((messages) => messages.join(""));

const PROOF_MS = 1_200_000;

describe("a stream of requests, cut anywhere", { timeout: PROOF_MS }, () => {
  it("is read as a plain reader reads the whole", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(readInPieces(text, cuts)).toEqual(readPlainly(text));
      }),
      propertyRuns(300),
    );
  });

  it("is read the same when it breaks off", () => {
    fc.assert(
      fc.property(stream, fc.nat(), fc.array(fc.nat(), { maxLength: 6 }), (text, end, cuts) => {
        const broken = text.slice(0, end % text.length);
        expect(readInPieces(broken, cuts)).toEqual(readPlainly(broken));
      }),
      propertyRuns(300),
    );
  });

  it("is read the same wherever it is cut when one octet is wrong", () => {
    fc.assert(
      fc.property(stream, fc.nat(), fc.integer({ min: 0, max: 255 }), (text, at, octet) => {
        const place = at % text.length;
        const wrong = text.slice(0, place) + String.fromCharCode(octet) + text.slice(place + 1);
        const whole = readInPieces(wrong, []);
        const octets = readInPieces(
          wrong,
          Array.from({ length: wrong.length }, (_, index) => index),
        );
        expect(octets.requests).toEqual(whole.requests);
      }),
      propertyRuns(300),
    );
  });
});
