import type { Server, Socket } from "node:net";

/** The number by which the kernel knows a socket; −1 where it is closed. */
export function fileDescriptor(socket: Socket | Server): number {
  const handle: unknown = Reflect.get(socket, "_handle");
  const descriptor: unknown = typeof handle === "object" && handle !== null && Reflect.get(handle, "fd");
  return typeof descriptor === "number" ? descriptor : -1;
}
