import { constants, createDeflate } from "node:zlib";
import { DICTIONARY } from "./dictionary.ts";
import { FRAME_TYPES, streamFrame } from "./frames.ts";

/** Writes the frames that open a client's streams, whose headers are one compressed text; specs use it. */
export function streamOpener(): (id: number, headers: Readonly<Record<string, string>>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: DICTIONARY });
  return async (id, headers) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(Object.keys(headers).length);
    deflate.write(Buffer.concat([count, ...Object.entries(headers).flat().map(sized)]));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    const block = deflate.read() as Buffer; // binary, as no encoding is set
    return openingFrame(id, block);
  };
}

/** The frame that opens stream `id`, with `block` in the place of its headers. */
export function openingFrame(id: number, block: Buffer): Buffer {
  return streamFrame(FRAME_TYPES.synStream, id, Buffer.concat([Buffer.alloc(6), block]));
}

function sized(word: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(word.length);
  return Buffer.concat([size, Buffer.from(word)]);
}
