import { ByteWindow } from "@bookmesh/http1";
import type { Inspection } from "@bookmesh/proxy-core";
import { HeldBytes } from "./held-bytes.ts";
import { sniffProtocol } from "./sniff-protocol.ts";
import { WheelTimer, type TimerWheel } from "./timer-wheel.ts";
import type { Wire } from "./wire.ts";

/** Who takes a connection over when its first bytes have told what it is. */
export interface Sniffed {
  readonly http1: (early: Uint8Array) => void;
  readonly other: (early: Uint8Array) => void;
}

/** How first bytes are waited for; `early` are there already. */
export interface SniffOptions extends Inspection {
  readonly wheel: TimerWheel;
  readonly early: Uint8Array | undefined;
}

/** Waits for the first bytes and hands them to the one that they are for. */
export function sniffClient(
  wire: Wire,
  { wheel, early, timeoutMs, goesOn }: SniffOptions,
  serve: Sniffed,
): void {
  const held = new HeldBytes();
  const decide = (protocol: "http1" | "other") => {
    wheel.stop(patience);
    serve[protocol](held.take() ?? new Uint8Array(0));
  };
  const patience = new WheelTimer(() => {
    if (goesOn) decide("other");
    else wire.destroy();
  });
  if (timeoutMs > 0) wheel.start(patience, timeoutMs);
  wire.events = {
    onBytes(input) {
      held.add(input);
      const protocol = sniffProtocol(held.bytes);
      if (protocol !== "unknown") decide(protocol);
    },
    onEnd: () => decide("other"),
    onDrain: () => undefined,
    onClose: () => wheel.stop(patience),
  };
  replay(wire, early);
}

/** Gives a connection's new owner the bytes that were read before. */
export function replay(wire: Wire, bytes: Uint8Array | undefined): void {
  if (bytes && bytes.length > 0) wire.events.onBytes(new ByteWindow().move(bytes, 0, bytes.length));
}
