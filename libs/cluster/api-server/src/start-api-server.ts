import { createServer, type Server } from "node:https";
import { admissionChain, builtInAdmission } from "@bookmesh/admission";
import type { PodRuntime } from "@bookmesh/cluster-api";
import { upgradeHandler } from "@bookmesh/pod-streams";
import { openRegistry } from "@bookmesh/registry";
import { makeAuthenticator } from "./auth/authenticator.ts";
import { bootstrap } from "./bootstrap/bootstrap.ts";
import { expireEvents } from "./bootstrap/expire-events.ts";
import { findStream } from "./http/find-stream.ts";
import { handleRequest } from "./http/handle-request.ts";
import type { Serving } from "./http/serving.ts";
import { localAccess } from "./local-access.ts";
import type { ApiServer, ApiServerOptions } from "./server-options.ts";

const LIMITS = {
  /** Of all request headers together; a token takes some 1.5 KB. */
  maxHeaderSize: 64 * 1024,
  /** A client that takes longer to send its head is cut off. */
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 90_000,
} as const;
const MAX_CONNECTIONS = 4000;

/** Opens the store, fills in what every cluster has, and serves the Kubernetes API over https. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { address, clock, tls } = options;
  const registry = openRegistry({ ...options, admission: (parts) => admissionChain(parts, options.dial) });
  const { store } = registry;
  const authenticator = makeAuthenticator({ store, clock, adminToken: options.adminToken });
  const access = localAccess(registry, authenticator);
  const closing = new AbortController();
  let runtime: PodRuntime | undefined;
  let port = options.port;
  const serving: Serving = {
    registry,
    authenticator,
    watches: { open: 0 },
    podRuntime: () => runtime,
    serverAddress: () => `${address}:${port}`,
    ...(options.logger ? { logger: options.logger } : {}),
  };
  const server = createServer({ key: tls.key, cert: tls.cert, ...LIMITS }, (request, response) => {
    void handleRequest(serving, closing.signal, { request, response });
  });
  const upgrade = upgradeHandler({
    podRuntime: serving.podRuntime,
    find: (request) => findStream(serving, request),
    closing: closing.signal,
  });
  server.on("upgrade", (request, socket, head: Buffer) => upgrade({ request, socket, head }));
  server.maxConnections = MAX_CONNECTIONS;
  port = await listen(server, options).catch((error: unknown) => {
    store.close(); // a taken port leaves nothing behind
    throw error;
  });
  server.on("error", (error) => options.logger?.error({ err: error }, "The API cannot accept a connection"));
  const own = localAccess({ ...registry, admission: builtInAdmission(registry) }, authenticator);
  await bootstrap(registry, own, { address, port, ca: tls.ca });
  const stopExpiring = expireEvents(store, clock);
  return {
    port,
    access,
    usePodRuntime: (next) => void (runtime = next),
    async close() {
      stopExpiring();
      closing.abort(new Error("The API server closes."));
      await closeServer(server);
      store.close();
    },
  };
}

async function listen(server: Server, { address, port }: ApiServerOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
