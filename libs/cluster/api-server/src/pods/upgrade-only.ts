import { badRequest } from "@bookmesh/cluster-api";
import type { ResourceRequest } from "../http/resource-request.ts";

/** A stream that needs a WebSocket was asked for without one. */
export function refuseWithoutUpgrade({ exchange }: ResourceRequest): Promise<void> {
  exchange.request.resume();
  return Promise.reject(
    badRequest("you must specify at least 1 of stdin, stdout, stderr and ask for a WebSocket upgrade"),
  );
}
