import type { ByteWindow } from "@bookmesh/http1";
import type { Wire, WireEvents } from "./wire.ts";

/** How many bytes a tunnel has carried. */
export interface TunnelBytes {
  fromClient: number;
  fromUpstream: number;
}

/**
 * Joins two wires: bytes pass both ways, each side's end is passed on alone (half-close), and a side that does not
 * read makes the other pause. `onClosed` is called once, when both are gone.
 */
export function joinWires(client: Wire, upstream: Wire, onClosed: (bytes: TunnelBytes) => void): void {
  const bytes: TunnelBytes = { fromClient: 0, fromUpstream: 0 };
  let open = 2;
  const closed = () => {
    if (--open === 0) onClosed(bytes);
  };
  client.events = oneWay(client, upstream, { count: (size) => (bytes.fromClient += size), closed });
  upstream.events = oneWay(upstream, client, { count: (size) => (bytes.fromUpstream += size), closed });
  client.socket.resume();
  upstream.socket.resume();
  for (const { socket, events } of [client, upstream]) {
    if (socket.destroyed) events.onClose();
    else if (socket.readableEnded) events.onEnd();
  }
}

interface Progress {
  readonly count: (size: number) => void;
  readonly closed: () => void;
}

function oneWay(source: Wire, target: Wire, { count, closed }: Progress): WireEvents {
  let isClosed = false;
  return {
    onBytes(input: ByteWindow) {
      count(input.size);
      target.write(input.copy());
      if (target.isFull) source.socket.pause();
    },
    onEnd() {
      target.socket.end();
    },
    onDrain() {
      target.socket.resume(); // what filled this side came from there
    },
    onClose() {
      if (isClosed) return;
      isClosed = true;
      target.socket.destroySoon();
      closed();
    },
  };
}
