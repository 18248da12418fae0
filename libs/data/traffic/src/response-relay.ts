import {
  BodyRelay,
  needsChunks,
  responseFraming,
  writeResponseHead,
  type ByteWindow,
  type MessageHead,
} from "@bookmesh/http1";
import type { HeaderEdits } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import { SERVER } from "./local-reply.ts";
import type { RequestRecord } from "./request-record.ts";
import type { Wire } from "./wire.ts";

/** Where an answer goes. */
export interface ResponseTarget {
  readonly wire: Wire;
  readonly record: RequestRecord;
  /** The y of the request's HTTP/1.y. */
  readonly minor: number;
  readonly isHead: boolean;
  /** The connection may serve another request after this one, as far as the client is concerned. */
  keepsOpen: boolean;
  /** It may not, as far as this side is concerned. */
  readonly isLeaving: boolean;
}

/** How far an answer is: more of it comes, all of it has passed, it became a tunnel, or its framing is broken. */
export type ResponseProgress = "more" | "done" | "tunnel" | "broken";

/** Carries one answer from the upstream's bytes to the client's wire. */
export class ResponseRelay {
  hasBegun = false;
  /** Seconds that the upstream keeps the connection; −1: unsaid. */
  keepAliveSeconds = -1;
  /** The upstream's connection may serve another request. */
  isReusable = false;
  readonly #path: DataPath;
  readonly #target: ResponseTarget;
  readonly #body = new BodyRelay();
  #edits: HeaderEdits | undefined;

  constructor(path: DataPath, target: ResponseTarget) {
    this.#path = path;
    this.#target = target;
  }

  begin(edits: HeaderEdits | undefined): void {
    this.hasBegun = false;
    this.isReusable = false;
    this.#edits = edits;
  }

  /** Sends the head and what has come of the body in one write. */
  onHead(head: MessageHead, input: ByteWindow, isRequestDone: boolean): ResponseProgress {
    const target = this.#target;
    const { out } = this.#path;
    const isTunnel = head.status === 101;
    const framing = responseFraming(head, target.isHead);
    const writesChunks = needsChunks(framing, target.minor);
    if (framing === "untilClose" || (framing === "chunked" && !writesChunks))
      target.keepsOpen &&= writesChunks;
    if (!isRequestDone || target.isLeaving) target.keepsOpen = false;
    this.hasBegun = true;
    this.keepAliveSeconds = head.keepAliveSeconds;
    this.isReusable = framing !== "untilClose" && !head.saysClose && (head.minor === 1 || head.saysKeepAlive);
    target.record.status = head.status;
    out.length = 0;
    writeResponseHead(out, head, {
      edits: this.#edits,
      server: SERVER,
      date: this.#path.date(),
      serviceTimeMs: Math.round(performance.now() - target.record.startedAtMs),
      connection: isTunnel ? "upgrade" : connectionField(target),
      writesChunks: writesChunks || (target.isHead && head.isChunked && target.minor === 1),
    });
    this.#body.begin(framing, head.contentLength, writesChunks);
    if (isTunnel) {
      target.wire.flush(out);
      return "tunnel";
    }
    return this.onBytes(input);
  }

  onBytes(input: ByteWindow): ResponseProgress {
    const { out } = this.#path;
    const isSound = this.#body.relay(input, out);
    this.#target.wire.flush(out);
    this.#target.record.responseBytes = this.#body.bodyBytes;
    if (!isSound) return "broken";
    if (!this.#body.isDone) return "more";
    if (input.size > 0) this.isReusable = false; // more than was asked for
    return "done";
  }

  /** The upstream has closed: that ends a body without other framing. */
  onEnd(): ResponseProgress {
    const { out } = this.#path;
    if (!this.#body.end(out)) return "broken";
    this.#target.wire.flush(out);
    return "done";
  }
}

function connectionField({ keepsOpen, minor }: ResponseTarget): "" | "close" | "keep-alive" {
  if (!keepsOpen) return "close";
  return minor === 0 ? "keep-alive" : "";
}
