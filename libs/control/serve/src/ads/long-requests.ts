import type { Http2Session, Http2Stream } from "node:http2";
import type { AdsStream } from "./ads-protocol.ts";

/**
 * An ACK of a large mesh repeats thousands of names. In HTTP/2's first window it would come in several pieces, between
 * those of all others that answer the same push, and each piece would wait so long that it is kept as if it stayed.
 */
const WINDOW_BYTES = 1024 * 1024;

/** The state of a decoder between two messages. Source: grpc-js, `stream-decoder.ts`. */
const NO_DATA = 0;

/**
 * What a stream of grpc-js stands on. It is not in its API, which has neither windows nor a word on what it keeps:
 * what a future version calls otherwise is left alone, and costs time and memory again.
 */
interface Foundation {
  readonly call?: {
    readonly stream?: Http2Stream;
    readonly decoder?: { readonly readState: unknown; readPartialMessage: unknown };
  };
}

/** The sessions that have their window. */
const widened = new WeakSet<Http2Session>();

/** Lets a client send a long request in one go. */
export function widenWindow(stream: AdsStream): void {
  const session = foundation(stream).call?.stream?.session;
  if (session === undefined || session.destroyed || widened.has(session)) return;
  widened.add(session);
  session.settings({ initialWindowSize: WINDOW_BYTES });
  session.setLocalWindowSize(WINDOW_BYTES);
}

/** Drops the pieces of the last request, which grpc-js would keep until the next one begins. */
export function releaseRequest(stream: AdsStream): void {
  const decoder = foundation(stream).call?.decoder;
  if (decoder?.readState === NO_DATA) decoder.readPartialMessage = [];
}

function foundation(stream: AdsStream): Foundation {
  // The only place that looks behind the library's types; every step of the way may be missing.
  return stream as unknown as Foundation;
}
