import { stopOnSignals } from "@bookmesh/node-host";
import type { FastifyInstance } from "fastify";
import type { ServiceEnvironment } from "./service-environment.ts";

/** Listens until SIGTERM or SIGINT, then answers what it has begun and ends. */
export async function runService(app: FastifyInstance, { address, port }: ServiceEnvironment): Promise<void> {
  const { requested } = stopOnSignals();
  await app.listen({ host: address, port });
  await requested;
  await app.close();
}
