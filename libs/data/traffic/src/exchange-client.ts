import type { ByteWindow } from "@bookmesh/http1";
import type { ResponseFlag } from "@bookmesh/proxy-core";
import type { LocalReply } from "./local-reply.ts";
import type { ResponseTarget } from "./response-relay.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

/** What an exchange needs of the client's connection. */
export interface ExchangeClient extends ResponseTarget {
  readonly direction: "inbound" | "outbound";
  /** Stops, or goes on with, reading the request's body. */
  holdBody(isHeld: boolean): void;
  /** Answers in place of the upstream; nothing of an answer has been sent yet. */
  replyLocally(reply: LocalReply, flag?: ResponseFlag): void;
  /** The answer is complete. */
  onAnswered(): void;
  /** The answer broke off: the client must not take it for complete. */
  onCut(): void;
  /** The upstream has agreed to another protocol; its connection is the client's now. */
  onTunnel(connection: UpstreamConnection, early: ByteWindow): void;
}
