import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { messageOf } from "@bookmesh/kernel";

/** Listens and returns the port. */
export async function listenOn(server: Server | TlsServer, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, "listening").catch((cause: unknown) => {
    throw new Error(`Nothing can listen on ${host}:${port}: ${messageOf(cause)}.`, { cause });
  });
  // The address of a server that listens on a port is never a string.
  return (server.address() as AddressInfo).port;
}

/** From now on each answer is the last of its connection: clients move on without losing a request. */
export function drainConnections(server: Server | TlsServer): void {
  server.prependListener("request", (_request, response: ServerResponse) => {
    response.setHeader("connection", "close");
  });
}

/** Takes no new connections, and closes those that are idle; answers under way are given. */
export async function stopListening(server: Server | TlsServer): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
}
