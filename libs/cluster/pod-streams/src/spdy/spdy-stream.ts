import { Duplex } from "node:stream";
import { dataFrame, FIN, FRAME_TYPES, streamFrame } from "./frames.ts";
import type { Headers } from "./headers.ts";

/** The status of a stream that its owner gives up. */
const CANCEL = Buffer.of(0, 0, 0, 5);
/** As long as other implementations make their frames. */
const MAX_DATA_BYTES = 32 * 1024;

/** A stream that the client opened. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #send: (frame: Buffer) => Promise<void>;
  #hasRoom: PromiseWithResolvers<undefined> | undefined;
  #isReset = false;

  constructor(id: number, headers: Headers, send: (frame: Buffer) => Promise<void>) {
    super();
    this.id = id;
    this.headers = headers;
    this.#send = send;
  }

  /** Takes what the client sent; resolves when there is room for more. */
  async receive(data: Buffer, isLast: boolean): Promise<void> {
    if (this.destroyed || this.readableEnded) return;
    if (data.length > 0 && !this.push(data)) {
      this.#hasRoom = Promise.withResolvers<undefined>();
      await this.#hasRoom.promise;
    }
    if (isLast) this.push(null);
  }

  /** The client gave the stream up. */
  reset(): void {
    this.#isReset = true;
    this.destroy();
  }

  override _read(): void {
    this.#hasRoom?.resolve(undefined);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const parts = Math.ceil(chunk.length / MAX_DATA_BYTES);
    const frames = Array.from({ length: parts }, (_, part) =>
      dataFrame(this.id, 0, chunk.subarray(part * MAX_DATA_BYTES, (part + 1) * MAX_DATA_BYTES)),
    );
    this.#send(Buffer.concat(frames)).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#send(dataFrame(this.id, FIN, Buffer.alloc(0))).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#hasRoom?.resolve(undefined);
    const isOver = this.readableEnded && this.writableFinished;
    if (!isOver && !this.#isReset)
      this.#send(streamFrame(FRAME_TYPES.rstStream, this.id, CANCEL)).catch(() => undefined); // nobody is left to hear it
    done(error);
  }
}
