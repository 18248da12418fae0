import type { Socket } from "node:net";
import { readClientHello, type ClientHello } from "./client-hello.ts";

/** What came of waiting for a client's first bytes. */
export type FirstBytes = Exclude<ClientHello, { readonly kind: "incomplete" }> | { readonly kind: "slow" };

/**
 * Waits for a whole ClientHello, or for bytes that are none, and calls back once, with all that has been read; the
 * socket is paused then and has no listeners of ours. A client that ends before is gone without a word.
 */
export function awaitClientHello(
  socket: Socket,
  timeoutMs: number,
  onFound: (found: FirstBytes, early: Buffer) => void,
): void {
  let held: Buffer = Buffer.alloc(0);
  const stop = () => {
    clearTimeout(patience);
    socket.off("data", take).off("end", giveUp).off("error", giveUp).off("close", stop);
    socket.pause();
  };
  const giveUp = () => {
    stop();
    socket.destroy();
  };
  const take = (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const found = readClientHello(held);
    if (found.kind === "incomplete") return;
    stop();
    onFound(found, held);
  };
  const patience = setTimeout(() => {
    stop();
    onFound({ kind: "slow" }, held);
  }, timeoutMs).unref();
  socket.on("data", take).on("end", giveUp).on("error", giveUp).on("close", stop);
}
