import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";

/**
 * The socket that `child` sends over its channel. Rejects with the `message` that it sends instead, or with `silence`
 * where it ends without a word.
 */
export function receiveSocket(child: ChildProcess, silence: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    child.once("message", ({ message }: { readonly message?: string }, handle) => {
      if (handle instanceof Socket) resolve(handle);
      else reject(new Error(message ?? "The connection was closed."));
    });
    child.once("error", reject);
    // Not "exit": of children that end together, one's exit may be heard before its words have been read.
    child.once("close", () => reject(new Error(silence)));
  });
}
