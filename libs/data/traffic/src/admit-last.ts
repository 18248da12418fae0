import type { Server } from "node:net";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { BarHandshakes } from "./bar-handshakes.ts";
import { portsInHandshake } from "./handshakes.ts";

/** How often it is looked whether a handshake is still under way. */
const LOOK_MS = 5;

/** Handshakes are waited for so long: a segment that was lost is sent again after a second. */
const MAX_WAIT_MS = 1_500;

/**
 * Makes servers ready to be closed: no handshake begins any more, those under way complete, and who waits is accepted.
 *
 * Whom a server has not accepted when it closes the kernel resets, although that client is connected as far as it knows
 * and may have sent its request, which nobody may repeat for it.
 */
export async function admitLast(servers: readonly Server[], bar: BarHandshakes): Promise<void> {
  for (const server of servers) bar(server);
  await handshakesDone(servers.map(portOf));
  await nobodyWaits(servers);
}

async function handshakesDone(ports: readonly number[]): Promise<void> {
  const endMs = performance.now() + MAX_WAIT_MS;
  while (performance.now() < endMs) {
    const busy = await portsInHandshake();
    if (!ports.some((port) => busy.has(port))) return;
    await delay(LOOK_MS);
  }
}

/** A server that somebody waits at accepts one in each turn of the event loop. */
async function nobodyWaits(servers: readonly Server[]): Promise<void> {
  let accepted = 0;
  const count = () => {
    accepted++;
  };
  for (const server of servers) server.on("connection", count);
  await nextTurn(); // the present turn may have done its accepting already
  do {
    accepted = 0;
    await nextTurn();
  } while (accepted > 0);
  for (const server of servers) server.off("connection", count);
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}
