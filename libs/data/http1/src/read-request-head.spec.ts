import { describe, expect, it } from "vitest";
import { ByteWindow } from "./byte-window.ts";
import { latin1, MessageHead } from "./message-head.ts";
import { readRequestHead } from "./read-request-head.ts";

const HOST = "Host: a.test\r\n";

function read(text: string): { readonly outcome: number; readonly head: MessageHead } {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const head = new MessageHead();
  return { outcome: readRequestHead(new ByteWindow().move(bytes, 0, bytes.length), head), head };
}

describe("readRequestHead", () => {
  it("says where the parts of a request lie", () => {
    const text = "POST /a?b=1 HTTP/1.1\r\nHost: a.test:80\r\nContent-Length: 5\r\nX-One:  two \r\n\r\nhello";
    const { outcome, head } = read(text);
    expect(outcome).toBe(text.length - 5);
    expect(latin1(head.bytes, head.methodFrom, head.methodTo)).toBe("POST");
    expect(latin1(head.bytes, head.pathFrom, head.pathTo)).toBe("/a?b=1");
    expect(latin1(head.bytes, head.authorityFrom, head.authorityTo)).toBe("a.test:80");
    expect(head.valueOf("x-one")).toBe("two");
    expect(head.contentLength).toBe(5);
  });

  it.each([
    { name: "origin form", line: "GET /x HTTP/1.1", form: "origin", authority: "a.test", path: "/x" },
    {
      name: "absolute form",
      line: "GET http://b:81/y?z HTTP/1.1",
      form: "absolute",
      authority: "b:81",
      path: "/y?z",
    },
    {
      name: "an absolute form without a path",
      line: "GET HTTP://b HTTP/1.1",
      form: "absolute",
      authority: "b",
      path: "",
    },
    { name: "CONNECT", line: "CONNECT b:443 HTTP/1.1", form: "authority", authority: "b:443", path: "" },
    { name: "OPTIONS *", line: "OPTIONS * HTTP/1.1", form: "asterisk", authority: "a.test", path: "*" },
  ])("understands $name", ({ line, form, authority, path }) => {
    const { outcome, head } = read(`${line}\r\n${HOST}\r\n`);
    expect(outcome).toBeGreaterThan(0);
    expect(head.form).toBe(form);
    expect(latin1(head.bytes, head.authorityFrom, head.authorityTo)).toBe(authority);
    expect(latin1(head.bytes, head.pathFrom, head.pathTo)).toBe(path);
  });

  it.each([
    { name: "a bare LF after the request line", text: `GET / HTTP/1.1\n${HOST}\r\n`, outcome: -400 },
    { name: "a bare LF after a field", text: `GET / HTTP/1.1\r\n${HOST}A: b\n\r\n`, outcome: -400 },
    { name: "a bare CR in a value", text: `GET / HTTP/1.1\r\n${HOST}A: b\rc\r\n\r\n`, outcome: -400 },
    { name: "a folded line", text: `GET / HTTP/1.1\r\n${HOST}A: b\r\n c\r\n\r\n`, outcome: -400 },
    {
      name: "a field before all others that is folded",
      text: `GET / HTTP/1.1\r\n ${HOST}\r\n`,
      outcome: -400,
    },
    { name: "a blank before the colon", text: `GET / HTTP/1.1\r\n${HOST}A : b\r\n\r\n`, outcome: -400 },
    { name: "an empty field name", text: `GET / HTTP/1.1\r\n${HOST}: b\r\n\r\n`, outcome: -400 },
    { name: "a NUL in a value", text: `GET / HTTP/1.1\r\n${HOST}A: b\0\r\n\r\n`, outcome: -400 },
    { name: "a NUL in a name", text: `GET / HTTP/1.1\r\n${HOST}A\0: b\r\n\r\n`, outcome: -400 },
    { name: "no host", text: "GET / HTTP/1.1\r\n\r\n", outcome: -400 },
    { name: "an empty host", text: "GET / HTTP/1.1\r\nHost:\r\n\r\n", outcome: -400 },
    { name: "two hosts", text: `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, outcome: -400 },
    { name: "a host with userinfo", text: "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", outcome: -400 },
    { name: "a host with a path", text: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", outcome: -400 },
    { name: "two hosts in one field", text: "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", outcome: -400 },
    { name: "a fragment", text: `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "userinfo in the target", text: `GET http://u@b/ HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "another scheme", text: `GET ftp://b/ HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "a target without a slash", text: `GET x HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "GET *", text: `GET * HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "CONNECT without a port", text: `CONNECT b HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "two blanks in the request line", text: `GET  / HTTP/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "HTTP/0.9", text: "GET /\r\n\r\n", outcome: -400 },
    { name: "HTTP/2.0", text: `GET / HTTP/2.0\r\n${HOST}\r\n`, outcome: -505 },
    { name: "HTTP/1.2", text: `GET / HTTP/1.2\r\n${HOST}\r\n`, outcome: -505 },
    { name: "a version in small letters", text: `GET / http/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "a version of another kind", text: `GET / HTTPS/1.1\r\n${HOST}\r\n`, outcome: -400 },
    { name: "an unknown expectation", text: `GET / HTTP/1.1\r\n${HOST}Expect: more\r\n\r\n`, outcome: -417 },
    { name: "a long target", text: `GET /${"a".repeat(9_000)} HTTP/1.1\r\n${HOST}\r\n`, outcome: -414 },
    { name: "101 fields", text: `GET / HTTP/1.1\r\n${HOST}${"a: b\r\n".repeat(100)}\r\n`, outcome: -431 },
    { name: "5,000 fields", text: `GET / HTTP/1.1\r\n${HOST}${"a: b\r\n".repeat(5_000)}\r\n`, outcome: -431 },
    { name: "61 KiB", text: `GET / HTTP/1.1\r\n${HOST}a: ${"b".repeat(61 * 1_024)}\r\n\r\n`, outcome: -431 },
  ])("refuses $name", ({ text, outcome }) => {
    expect(read(text).outcome).toBe(outcome);
  });

  it("takes 100 fields", () => {
    expect(read(`GET / HTTP/1.1\r\n${HOST}${"a: b\r\n".repeat(99)}\r\n`).outcome).toBeGreaterThan(0);
  });

  it("waits at every cut of a good head", () => {
    const text = `GET /a HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\n`;
    for (let cut = 0; cut < text.length; cut++) expect(read(text.slice(0, cut)).outcome).toBe(0);
    expect(read(text).outcome).toBe(text.length);
  });
});

describe("a request's framing", () => {
  const post = (fields: string) => read(`POST / HTTP/1.1\r\n${HOST}${fields}\r\n`);

  it.each([
    { fields: "Content-Length: 1 2\r\n" },
    { fields: "Content-Length: +5\r\n" },
    { fields: "Content-Length: -5\r\n" },
    { fields: "Content-Length: 0x5\r\n" },
    { fields: "Content-Length: 5,5\r\n" },
    { fields: "Content-Length: 5_0\r\n" },
    { fields: "Content-Length:\r\n" },
    { fields: "Content-Length: 18446744073709551616\r\n" },
    { fields: "Content-Length: 9007199254740992\r\n" },
    { fields: "Content-Length: 5\r\nContent-Length: 6\r\n" },
    { fields: "Content-Length: 5\r\ncontent-length: 5\r\n" },
    { fields: "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" },
    { fields: "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" },
    { fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" },
    { fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" },
    { fields: "Transfer-Encoding : chunked\r\n" },
    { fields: "Transfer-Encoding\t: chunked\r\n" },
    { fields: "X: y\r\n Transfer-Encoding: chunked\r\n" },
    { fields: "X: y\rTransfer-Encoding: chunked\r\n" },
    { fields: "X: y\nTransfer-Encoding: chunked\r\n" },
    { fields: "Transfer-Encoding: \0chunked\r\n" },
  ])("refuses $fields", ({ fields }) => {
    expect(post(fields).outcome).toBe(-400);
  });

  it.each([
    { value: "chunked, chunked", outcome: -501 },
    { value: "identity, chunked", outcome: -501 },
    { value: "gzip,chunked", outcome: -501 },
    { value: "xchunked", outcome: -400 },
    { value: "chunked, identity", outcome: -400 },
    { value: "gzip", outcome: -400 },
    { value: "identity", outcome: -400 },
    { value: "chunked;q=1", outcome: -400 },
    { value: '"chunked"', outcome: -400 },
    { value: "chunk", outcome: -400 },
    { value: "", outcome: -400 },
    { value: "chunked,", outcome: -400 },
    { value: "\xa0chunked", outcome: -400 },
    { value: "chunked\x0b", outcome: -400 },
  ])("refuses the coding $value", ({ value, outcome }) => {
    expect(post(`Transfer-Encoding: ${value}\r\n`).outcome).toBe(outcome);
  });

  it("knows chunked in any letter case and with blanks around", () => {
    const { outcome, head } = post("TRANSFER-encoding: \t ChunKed \t\r\n");
    expect(outcome).toBeGreaterThan(0);
    expect(head.isChunked).toBe(true);
  });

  it("has no transfer codings in HTTP/1.0", () => {
    expect(read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").outcome).toBe(-400);
  });
});
