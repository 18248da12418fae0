import { createInflate } from "node:zlib";
import { DICTIONARY } from "./dictionary.ts";

/** The headers of a stream, by name in lower case. */
export type Headers = ReadonlyMap<string, string>;

/** What the headers of one stream may come to. */
const MAX_BYTES = 64 * 1024;

/** Reads the header blocks of one direction of a session, which are one compressed text. */
export interface HeaderReader {
  /** Rejects where the block is not what it should be. */
  read(block: Buffer): Promise<Headers>;
  close(): void;
}

/** A reader at the beginning of a session. */
export function headerReader(): HeaderReader {
  const inflate = createInflate({ dictionary: DICTIONARY });
  let chunks: Buffer[] = [];
  let size = 0;
  inflate.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) inflate.destroy(new Error(`The headers are longer than ${MAX_BYTES} bytes.`));
  });
  return {
    read(block) {
      chunks = [];
      size = 0;
      return new Promise((resolve, reject) => {
        inflate.once("error", reject);
        inflate.write(block, (error) => {
          inflate.off("error", reject);
          if (error) reject(error);
          else resolve(parseHeaders(Buffer.concat(chunks)));
        });
      });
    },
    close: () => void inflate.destroy(),
  };
}

/** A count, then names and values, each with its length before it. */
function parseHeaders(text: Buffer): Headers {
  let offset = 4;
  const next = (): string => {
    const end = offset + 4 + text.readUInt32BE(offset);
    if (end > text.length) throw new Error("A header is cut off.");
    const part = text.toString("latin1", offset + 4, end);
    offset = end;
    return part;
  };
  const headers = new Map<string, string>();
  while (offset < text.length) headers.set(next().toLowerCase(), next());
  return headers;
}

/** Zlib's two bytes at the beginning of a text that is compressed without a dictionary. */
const ZLIB_START = Buffer.of(0x78, 0x01);
/** Two blocks of zlib: one holds 4 bytes as they are, the count 0; the empty one tells Go's reader to hand them out. */
const NO_HEADERS = Buffer.of(0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** The block that says "no headers", which is all that our side ever says. */
export function emptyHeaderBlock(isFirst: boolean): Buffer {
  return isFirst ? Buffer.concat([ZLIB_START, NO_HEADERS]) : NO_HEADERS;
}
