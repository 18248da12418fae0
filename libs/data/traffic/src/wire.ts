import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { ByteWindow, type ByteWriter } from "@bookmesh/http1";

/** One read's most bytes; also the most that a paused peer can still make us hold. */
const READ_BYTES = 64 * 1024;

/** Bytes waiting in a socket beyond which its source pauses. */
const HIGH_WATER_BYTES = 64 * 1024;

/** What happens on a wire. Nothing here may throw; if it does, the socket is destroyed and nothing else. */
export interface WireEvents {
  /** `input` is valid during the call only: what is needed later is copied. */
  onBytes(input: ByteWindow): void;
  /** The peer will send nothing more. */
  onEnd(): void;
  /** The peer has taken what was waiting. */
  onDrain(): void;
  /** The socket is gone, whatever the reason. Comes once. */
  onClose(): void;
}

/**
 * The read buffer that all sockets of a data path share. Node fills it and calls back at once, so nothing is
 * allocated for a read; the price is that bytes are valid only inside the callback.
 */
export class SharedReads {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly input = new ByteWindow();
}

/** A socket with its events: one object for accepted and dialled ones, whose listener can be exchanged. */
export class Wire {
  readonly socket: Socket;
  events: WireEvents;
  readonly #reads: SharedReads;
  /** TLS encrypts at its own time, so what it is given must stay as it is. */
  readonly #isSecure: boolean;

  constructor(socket: Socket, reads: SharedReads, events: WireEvents) {
    this.socket = socket;
    this.#reads = reads;
    this.#isSecure = socket instanceof TLSSocket;
    this.events = events;
    socket.setNoDelay(true);
    socket.on("error", ignoreError);
    socket.on("end", () => this.#safely(() => this.events.onEnd()));
    socket.on("drain", () => this.#safely(() => this.events.onDrain()));
    socket.on("close", () => this.#safely(() => this.events.onClose()));
    if (!readInto(socket, reads.buffer, (size) => this.#take(reads.buffer, size))) {
      socket.on("data", (bytes: Buffer) => this.#take(bytes, bytes.length));
    }
    socket.resume();
  }

  /** Sends what `out` holds and empties it. Bytes that the kernel does not take at once stay behind, untouched. */
  flush(out: ByteWriter): void {
    if (out.length === 0) return;
    const bytes = out.bytes.subarray(0, out.length);
    if (this.#isSecure) this.write(Buffer.from(bytes));
    else this.write(bytes);
    if (!this.#isSecure && this.socket.writableLength > 0) out.giveAway();
    else out.length = 0;
  }

  /** Sends bytes that nobody changes as long as `isBusy`. */
  write(bytes: Uint8Array): void {
    if (!this.socket.destroyed && !this.socket.writableEnded) this.socket.write(bytes);
  }

  /** Some written bytes have not left yet. */
  get isBusy(): boolean {
    return this.socket.writableLength > 0;
  }

  /** So many that their source should pause until `onDrain`. */
  get isFull(): boolean {
    return this.socket.writableLength >= HIGH_WATER_BYTES;
  }

  /** Stops reading, or goes on with it. */
  hold(isHeld: boolean): void {
    if (isHeld) this.socket.pause();
    else this.socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Closes so that the peer cannot take what it got for all there was. In TLS a missing farewell says so. */
  reset(): void {
    if (this.#isSecure) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  #take(bytes: Uint8Array, size: number): void {
    try {
      this.events.onBytes(this.#reads.input.move(bytes, 0, size));
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #safely(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** A bug of ours costs this connection and shows in the process's warnings; the others go on. */
  #giveUp(error: unknown): void {
    process.emitWarning(error instanceof Error ? error : String(error));
    this.socket.destroy();
  }
}

/** The close event follows each error and is where it is handled. */
function ignoreError(): void {
  return;
}

/**
 * Makes the socket read into `buffer`. Node offers that publicly for dialled sockets only (`onread`); for all
 * sockets alike it is done through the same internals, found by name. Returns false where they are not there.
 */
function readInto(socket: Socket, buffer: Uint8Array, onRead: (size: number) => void): boolean {
  const symbols = new Map(Object.getOwnPropertySymbols(socket).map((symbol) => [symbol.description, symbol]));
  const bufferKey = symbols.get("kBuffer");
  const callbackKey = symbols.get("kBufferCb");
  const generatorKey = symbols.get("kBufferGen");
  const handle: unknown = Reflect.get(socket, "_handle");
  if (bufferKey === undefined || callbackKey === undefined || generatorKey === undefined) return false;
  if (typeof handle !== "object" || handle === null) return false;
  const useUserBuffer: unknown = Reflect.get(handle, "useUserBuffer");
  if (typeof useUserBuffer !== "function") return false;

  Reflect.set(socket, bufferKey, buffer);
  Reflect.set(socket, generatorKey, null);
  Reflect.set(socket, callbackKey, (size: number) => {
    onRead(size);
    return true;
  });
  Reflect.apply(useUserBuffer, handle, [buffer]);
  return true;
}
