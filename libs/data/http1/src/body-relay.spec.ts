import { describe, expect, it } from "vitest";
import { BodyRelay, responseFraming, type BodyFraming } from "./body-relay.ts";
import { ByteWindow } from "./byte-window.ts";
import { ByteWriter } from "./byte-writer.ts";
import { latin1, MessageHead } from "./message-head.ts";

function relay(
  text: string,
  { framing, length = 0, writesChunks }: { framing: BodyFraming; length?: number; writesChunks: boolean },
): { readonly out: string; readonly rest: string; readonly relay: BodyRelay } {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const input = new ByteWindow().move(bytes, 0, bytes.length);
  const out = new ByteWriter(8);
  const body = new BodyRelay();
  body.begin(framing, length, writesChunks);
  body.relay(input, out);
  return { out: latin1(out.bytes, 0, out.length), rest: text.slice(input.from), relay: body };
}

describe("BodyRelay", () => {
  it.each([
    {
      name: "a length stays bare",
      text: "helloNEXT",
      framing: "length",
      length: 5,
      writesChunks: false,
      out: "hello",
    },
    {
      name: "chunks lose their coding",
      text: "2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\nNEXT",
      framing: "chunked",
      writesChunks: false,
      out: "hello",
    },
    {
      name: "chunks of one read become one",
      text: "2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\nNEXT",
      framing: "chunked",
      writesChunks: true,
      out: "5\r\nhello\r\n0\r\n\r\n",
    },
    { name: "no body takes nothing", text: "NEXT", framing: "none", writesChunks: true, out: "" },
  ] as const)("$name", ({ text, out, ...options }) => {
    const relayed = relay(text, options);
    expect(relayed.out).toBe(out);
    expect(relayed.rest).toBe("NEXT");
    expect(relayed.relay.isDone).toBe(true);
  });

  it("costs the other side next to nothing when chunks hold one octet each", () => {
    const { out } = relay("1\r\nx\r\n".repeat(10_000), { framing: "chunked", writesChunks: true });
    expect(out).toBe(`2710\r\n${"x".repeat(10_000)}\r\n`);
  });

  it("ends a body without framing with its connection, and no other", () => {
    const out = new ByteWriter(8);
    const open = relay("abc", { framing: "untilClose", writesChunks: true });
    expect(open.out).toBe("3\r\nabc\r\n");
    expect(open.relay.end(out)).toBe(true);
    expect(latin1(out.bytes, 0, out.length)).toBe("0\r\n\r\n");
    expect(relay("abc", { framing: "length", length: 5, writesChunks: false }).relay.end(out)).toBe(false);
  });
});

describe("responseFraming", () => {
  it.each([
    { name: "HEAD", isAnswerToHead: true, status: 200, contentLength: 5, isChunked: false, framing: "none" },
    { name: "204", isAnswerToHead: false, status: 204, contentLength: 5, isChunked: false, framing: "none" },
    { name: "304", isAnswerToHead: false, status: 304, contentLength: 5, isChunked: false, framing: "none" },
    {
      name: "a length",
      isAnswerToHead: false,
      status: 200,
      contentLength: 5,
      isChunked: false,
      framing: "length",
    },
    {
      name: "a length of 0",
      isAnswerToHead: false,
      status: 200,
      contentLength: 0,
      isChunked: false,
      framing: "none",
    },
    {
      name: "chunks",
      isAnswerToHead: false,
      status: 200,
      contentLength: -1,
      isChunked: true,
      framing: "chunked",
    },
    {
      name: "neither",
      isAnswerToHead: false,
      status: 200,
      contentLength: -1,
      isChunked: false,
      framing: "untilClose",
    },
  ])("$name: $framing", ({ isAnswerToHead, framing, ...parts }) => {
    expect(responseFraming(Object.assign(new MessageHead(), parts), isAnswerToHead)).toBe(framing);
  });
});
