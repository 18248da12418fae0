import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createRoot, issueServerCertificate } from "@bookmesh/identity";
import { WebSocketServer, type WebSocket } from "ws";
import type { KubeConfig } from "../kube-config.ts";

/** A server with a certificate of its own, which answers as a test says. */
export interface FakeApiServer {
  readonly config: KubeConfig;
  close(): Promise<void>;
}

/** How it answers. */
export interface Answers {
  readonly http?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly exec?: (socket: WebSocket, request: IncomingMessage) => void;
}

const LIFETIME = { lifetimeMs: 3_600_000, clock: { now: () => Date.now() } } as const;

/** Starts one on a free port of 127.0.0.1; the caller's token is "secret". */
export async function fakeApiServer({ http, exec }: Answers): Promise<FakeApiServer> {
  const root = await createRoot({ commonName: "test", ...LIFETIME });
  const { certPem, keyPem } = await issueServerCertificate(root, {
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
    ...LIFETIME,
  });
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    if (request.headers.authorization === "Bearer secret" && http) http(request, response);
    else
      sendJson(response, 401, { kind: "Status", code: 401, reason: "Unauthorized", message: "Unauthorized" });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => "v5.channel.k8s.io" });
  sockets.on("connection", (socket, request) => exec?.(socket, request));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    config: {
      server: `https://127.0.0.1:${portOf(server)}`,
      certificateAuthority: root.certPem,
      credentials: { token: "secret" },
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
