import { describe, expect, it } from "vitest";
import { ByteWindow } from "./byte-window.ts";
import { ChunkedDecoder, type ChunkedStep } from "./chunked-decoder.ts";

function decode(
  text: string,
  pieceSize: number,
): { readonly data: string; readonly end: ChunkedStep; readonly rest: string } {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const decoder = new ChunkedDecoder();
  let data = "";
  for (let from = 0; from < bytes.length; from += pieceSize) {
    const input = new ByteWindow().move(bytes, from, Math.min(bytes.length, from + pieceSize));
    let step = decoder.next(input);
    for (; step === "data"; step = decoder.next(input)) data += text.slice(decoder.dataFrom, decoder.dataTo);
    if (step !== "more") return { data, end: step, rest: text.slice(input.from) };
  }
  return { data, end: "more", rest: "" };
}

describe.each([{ pieceSize: 1 }, { pieceSize: 3 }, { pieceSize: 100_000 }])(
  "ChunkedDecoder fed $pieceSize octets at a time",
  ({ pieceSize }) => {
    it.each([
      { name: "an empty body", text: "0\r\n\r\n", data: "" },
      { name: "two chunks", text: "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", data: "hello world" },
      {
        name: "sizes in either case and with leading zeros",
        text: "00A\r\n0123456789\r\na\r\n0123456789\r\n00\r\n\r\n",
        data: "01234567890123456789",
      },
      { name: "extensions, which it drops", text: '1;a=b;c="d"\r\nx\r\n0;e\r\n\r\n', data: "x" },
      { name: "trailers, which it drops", text: "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", data: "x" },
      { name: "line ends inside the data", text: "4\r\n\r\n\r\n\r\n0\r\n\r\n", data: "\r\n\r\n" },
    ])("reads $name", ({ text, data }) => {
      const decoded = decode(`${text}NEXT`, pieceSize);
      expect(decoded.data).toBe(data);
      expect(decoded.end).toBe("done");
      expect(decoded.rest).toBe("NEXT");
    });

    it.each([
      { name: "no size", text: "\r\n" },
      { name: "a sign", text: "+5\r\nhello\r\n" },
      { name: "a prefix", text: "0x5\r\nhello\r\n" },
      { name: "a blank before the size", text: " 5\r\nhello\r\n" },
      { name: "a blank behind the size", text: "5 \r\nhello\r\n" },
      { name: "an underscore", text: "1_0\r\nhello\r\n" },
      { name: "a bare LF behind the size", text: "5\nhello\r\n" },
      { name: "a bare CR behind the size", text: "5\rXhello\r\n" },
      { name: "more data than announced", text: "5\r\nhelloX\r\n" },
      { name: "a bare LF behind the data", text: "5\r\nhello\n0\r\n\r\n" },
      { name: "a size of 14 digits", text: "00000000000000\r\n" },
      { name: "an extension without a name", text: "5;\r\nhello\r\n" },
      { name: "an extension's name that is no token", text: "5;a[=b\r\nhello\r\n" },
      { name: "an open quote in an extension", text: '5;a="b\r\nhello\r\n' },
      { name: "a bare LF in an extension", text: "5;a\nhello\r\n" },
      { name: "a bare LF in a trailer", text: "0\r\nA: b\n\r\n" },
      { name: "a folded trailer", text: "0\r\nA: b\r\n c\r\n\r\n" },
      { name: "a bare LF at the end", text: "0\r\n\n" },
      { name: "an endless extension", text: `1;${"a".repeat(17_000)}` },
      { name: "endless trailers", text: `0\r\n${"a: b\r\n".repeat(2_000)}` },
    ])("refuses $name", ({ text }) => {
      expect(decode(text, pieceSize).end).toBe("bad");
    });
  },
);
