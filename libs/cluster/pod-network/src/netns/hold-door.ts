import type { ChildProcess, SendHandle } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, Socket } from "node:net";
import { messageOf } from "@bookmesh/kernel";
import type { DoorAnswer, DoorWish } from "./host-door.ts";

/** What may take how long; on the way to the world a first packet may be lost. */
const DIAL_TIMEOUT_MS = 10_000;

/** Opens sockets of this machine's network for `child`, which is in another, as long as it lives. */
export function holdDoor(child: ChildProcess): void {
  child.on("message", (wish: DoorWish) => {
    fulfil(wish).then(
      ({ handle, release }) => {
        if (child.connected) child.send({ id: wish.id } satisfies DoorAnswer, handle, release);
        else release();
      },
      (error: unknown) => {
        const answer: DoorAnswer = { id: wish.id, problem: messageOf(error) };
        if (child.connected) child.send(answer, () => undefined); // it ended: nobody waits
      },
    );
  });
}

/** A socket, and how this process lets go of its own copy once it was handed over. */
interface Fulfilled {
  readonly handle: SendHandle;
  readonly release: () => void;
}

async function fulfil(wish: DoorWish): Promise<Fulfilled> {
  switch (wish.kind) {
    case "listen": {
      const server = createServer((early) => early.destroy()); // the child does not listen yet
      server.listen(wish.port, wish.host);
      await once(server, "listening");
      return { handle: server, release: () => void server.close() };
    }
    case "dial": {
      const socket = new Socket({ allowHalfOpen: true }).pause(); // what comes first is the child's to read
      socket.connect(wish.port, wish.host);
      await once(socket, "connect", { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) }).catch(
        (error: unknown) => {
          socket.destroy();
          throw error;
        },
      );
      return { handle: socket, release: () => void socket.destroy() };
    }
    case "datagrams": {
      const socket = createSocket("udp4").bind(0);
      await once(socket, "listening");
      return { handle: socket, release: () => void socket.close() };
    }
  }
}
