import { connect, type Socket } from "node:net";
import type { Target } from "./target.ts";

/** How long one try may take: on one machine a connection is made at once or never. */
const CONNECT_TIMEOUT_MS = 5000;
/** How many endpoints are tried for one connection. */
const MAX_TRIES = 3;

/** Connects to the first of `targets` that accepts. Rejects with the last reason. */
export async function connectTarget(targets: readonly Target[], localAddress?: string): Promise<Socket> {
  let problem = new Error("There is no ready endpoint.");
  for (const target of targets.slice(0, MAX_TRIES)) {
    try {
      return await connectOnce(target, localAddress);
    } catch (error) {
      problem = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw problem;
}

function connectOnce({ host, port }: Target, localAddress: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isLoopback = host.startsWith("127.");
    const socket = connect({
      host,
      port,
      allowHalfOpen: true, // the end of one direction is not the end of the other
      ...(isLoopback && localAddress !== undefined ? { localAddress } : {}),
    });
    const timer = setTimeout(
      () => socket.destroy(new Error(`${host}:${port} did not answer.`)),
      CONNECT_TIMEOUT_MS,
    );
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** Joins two sockets: each one's data and end go to the other; an error of one closes both. */
export function joinSockets(one: Socket, other: Socket): void {
  if (one.destroyed || other.destroyed) {
    one.destroy(); // it went away while the other was being connected
    other.destroy();
    return;
  }
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => {
      if (!from.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
}
