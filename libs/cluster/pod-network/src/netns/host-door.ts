import { Socket as DatagramSocket } from "node:dgram";
import { Server, Socket } from "node:net";
import type { Target } from "../target.ts";

/** What a cluster in a network of its own asks of the process that started it, which is in the machine's. */
export interface HostDoor {
  /** Lets `server` listen on the machine. Rejects where the machine refuses. */
  listen(server: Server, place: Target): Promise<void>;
  /** Connects from the machine. */
  dial(target: Target): Promise<Socket>;
  /** A datagram socket of the machine, to send from. */
  datagrams(): Promise<DatagramSocket>;
}

/** A wish, as it goes through the door. */
export type DoorWish = { readonly id: number } & (
  | ({ readonly kind: "listen" } & Target)
  | ({ readonly kind: "dial" } & Target)
  | { readonly kind: "datagrams" }
);

/** The answer, beside which the socket comes; `problem` is a sentence where there is none. */
export interface DoorAnswer {
  readonly id: number;
  readonly problem?: string;
}

type Handle = Server | Socket | DatagramSocket | undefined;
type Wish = DoorWish extends infer Each ? (Each extends { id: number } ? Omit<Each, "id"> : never) : never;

/** The door of this process, which cannot go on without it. Throws where nobody holds it. */
export function hostDoor(): HostDoor {
  if (process.send === undefined) throw new Error("Nobody holds the door to the machine's network open.");
  const send = process.send.bind(process);
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL")); // the guardian ends what is left
  const waiting = new Map<number, PromiseWithResolvers<Handle>>();
  let last = 0;
  process.on("message", ({ id, problem }: DoorAnswer, handle: unknown) => {
    const wish = waiting.get(id);
    waiting.delete(id);
    if (problem !== undefined) wish?.reject(new Error(problem));
    else wish?.resolve(isHandle(handle) ? handle : undefined);
  });
  const ask = async (wish: Wish): Promise<Handle> => {
    last += 1;
    const answer = Promise.withResolvers<Handle>();
    waiting.set(last, answer);
    send({ ...wish, id: last });
    return answer.promise;
  };
  return {
    async listen(server, place) {
      const handle = await ask({ kind: "listen", ...place });
      if (handle instanceof Server) server.listen(handle);
    },
    async dial(target) {
      const handle = await ask({ kind: "dial", ...target });
      if (handle instanceof Socket) return handle;
      throw new Error("The connection was closed before it could be handed over.");
    },
    async datagrams() {
      const handle = await ask({ kind: "datagrams" });
      if (handle instanceof DatagramSocket) return handle;
      throw new Error("The socket was closed before it could be handed over.");
    },
  };
}

function isHandle(handle: unknown): handle is Handle {
  return handle instanceof Server || handle instanceof Socket || handle instanceof DatagramSocket;
}
