/** A frame as it lies on the wire; its type is `undefined` where it carries data. Source: SPDY/3.1, "Framing". */
export interface Frame {
  readonly type: number | undefined;
  /** The stream of a data frame; 0 for others. */
  readonly streamId: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** The types of control frames that mean something here. */
export const FRAME_TYPES = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;
/** The flag of a stream's last frame. */
export const FIN = 1;

const VERSION = 3;
const HEAD_BYTES = 8;
/** A frame's length has three bytes; nobody who means well sends more than this at once. */
const MAX_FRAME_BYTES = 1024 * 1024;
const CONTROL = 0x80000000;

/** Cuts what arrives into frames. Throws where it cannot be SPDY. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = frameEnd(rest); end !== undefined; end = frameEnd(rest)) {
      yield parseFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  }
}

function frameEnd(bytes: Buffer): number | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const length = bytes.readUIntBE(5, 3);
  if (length > MAX_FRAME_BYTES) throw new Error(`A frame of ${length} bytes is too long.`);
  return bytes.length < HEAD_BYTES + length ? undefined : HEAD_BYTES + length;
}

function parseFrame(bytes: Buffer): Frame {
  const first = bytes.readUInt32BE(0);
  const isControl = first >= CONTROL;
  return {
    type: isControl ? first & 0xffff : undefined,
    streamId: isControl ? 0 : first,
    flags: bytes.readUInt8(4),
    body: bytes.subarray(HEAD_BYTES),
  };
}

/** A control frame. */
export function controlFrame(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

/** A control frame that says no more than which stream, and perhaps a word about it. */
export function streamFrame(type: number, streamId: number, rest: Buffer): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(streamId);
  return controlFrame(type, Buffer.concat([id, rest]));
}

/** A frame of a stream's data. */
export function dataFrame(streamId: number, flags: number, data: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}
