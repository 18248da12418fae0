import { finished, type Duplex } from "node:stream";
import { controlFrame, FIN, FRAME_TYPES, readFrames, streamFrame, type Frame } from "./frames.ts";
import { emptyHeaderBlock, headerReader } from "./headers.ts";
import { SpdyStream } from "./spdy-stream.ts";

/** How many streams one client may have open; a forwarded connection takes two. */
const MAX_STREAMS = 2000;
const REFUSED = Buffer.of(0, 0, 0, 3);
/** Where the headers begin in a frame that opens a stream: after two stream ids, priority and slot. */
const OPENING_BYTES = 10;

/**
 * Serves a session of SPDY/3.1 on `connection`: calls `onStream` for each stream that the client opens. Resolves when
 * the session is over, and rejects where the client does not speak SPDY; either way all streams are gone by then.
 * Flow control is left to the connection below, as Kubernetes' own implementation does.
 */
export async function serveSpdy(connection: Duplex, onStream: (stream: SpdyStream) => void): Promise<void> {
  const headers = headerReader();
  const streams = new Map<number, SpdyStream>();
  let isFirst = true;

  const send = (frame: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      connection.write(frame, (error) => (error ? reject(error) : resolve()));
    });

  async function open({ body, flags }: Frame): Promise<void> {
    const id = body.readUInt32BE(0);
    const fields = await headers.read(body.subarray(OPENING_BYTES)); // also of a refused stream: one text for all
    if (streams.size >= MAX_STREAMS || streams.has(id)) {
      await send(streamFrame(FRAME_TYPES.rstStream, id, REFUSED));
      return;
    }
    const stream = new SpdyStream(id, fields, send);
    streams.set(id, stream);
    finished(stream, () => streams.delete(id));
    await send(streamFrame(FRAME_TYPES.synReply, id, emptyHeaderBlock(isFirst)));
    isFirst = false;
    onStream(stream);
    if ((flags & FIN) !== 0) await stream.receive(Buffer.alloc(0), true);
  }

  async function take(frame: Frame): Promise<void> {
    const { type, streamId, flags, body } = frame;
    if (type === undefined) await streams.get(streamId)?.receive(body, (flags & FIN) !== 0);
    else if (type === FRAME_TYPES.synStream) await open(frame);
    else if (type === FRAME_TYPES.rstStream) streams.get(body.readUInt32BE(0))?.reset();
    else if (type === FRAME_TYPES.ping) await send(controlFrame(FRAME_TYPES.ping, body));
  }

  try {
    for await (const frame of readFrames(connection)) await take(frame);
  } finally {
    headers.close();
    for (const stream of streams.values()) stream.reset();
    connection.destroy();
  }
}
