import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { messageOf } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { connectTarget, joinSockets } from "../connect-target.ts";
import type { Target } from "../target.ts";

/** What a forward proxy needs. */
export interface ForwardProxyOptions {
  readonly address: string;
  readonly port: number;
  /** Where connections to loopback targets come from: the pod's IP. */
  readonly localAddress: string;
  /** The places that `host:port` stands for, the first to be tried first. Empty: there is none. */
  readonly resolve: (host: string, port: number) => readonly Target[];
  readonly logger: Logger;
}

/** Connections to one pod's proxy at a time. */
const MAX_CONNECTIONS = 1024;
/** Headers that speak of one connection only. Source: RFC 9110 §7.6.1. */
const HOP_BY_HOP = ["connection", "proxy-connection", "keep-alive", "proxy-authorization", "upgrade"];

/** Opens the plain forward proxy of a pod: absolute-form http and CONNECT. Returns the function that closes it. */
export function openForwardProxy(options: ForwardProxyOptions): () => void {
  const server = createServer((request, response) => {
    void forward(options, request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const tunnels = new Set<Socket>();
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) => {
    tunnels.add(client);
    client.on("close", () => tunnels.delete(client));
    void tunnel(options, { authority: request.url ?? "", client, head });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("error", (error) => {
    const { address, port, logger } = options;
    logger.warn({ address, port, reason: error.message }, "The forward proxy of a pod cannot listen");
  });
  server.listen(options.port, options.address);
  return () => {
    server.close();
    server.closeAllConnections();
    for (const client of tunnels) client.destroy();
  };
}

/** Splits `host:port`; the port is 443 where there is none, as in a CONNECT without one. */
export function splitAuthority(authority: string): Target {
  const [, host = authority, port = "443"] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(authority) ?? [];
  return { host, port: Number(port) };
}

async function forward(
  { resolve, localAddress }: ForwardProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on("error", () => response.destroy()); // the client went away before its answer
  const url = URL.parse(request.url ?? "");
  if (url?.protocol !== "http:") {
    answer(response, 400, "This proxy takes absolute http URLs and CONNECT.");
    return;
  }
  try {
    const port = Number(url.port || 80);
    const socket = await connectTarget(resolve(url.hostname, port), localAddress);
    if (response.destroyed) {
      socket.destroy(); // nobody waits any more
      return;
    }
    const { method = "GET", headers } = request;
    const path = `${url.pathname}${url.search}`;
    const upstream = httpRequest({
      createConnection: () => socket,
      method,
      path,
      headers: { ...endToEnd(headers), host: url.host, connection: "close" },
    });
    upstream.on("response", (incoming) => {
      const { statusCode = 0 } = incoming;
      if (statusCode < 100) {
        upstream.destroy(new Error(`It answered with the status ${statusCode}.`)); // which cannot be passed on
        return;
      }
      response.writeHead(statusCode, endToEnd(incoming.headers));
      incoming.on("error", () => response.destroy());
      incoming.pipe(response);
    });
    upstream.on("error", (error) => answer(response, 502, messageOf(error)));
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  } catch (error) {
    answer(response, 502, `${url.host} cannot be reached: ${messageOf(error)}`);
  }
}

function endToEnd(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain", connection: "close" });
  response.end(`${sentence}\n`);
}

async function tunnel(
  { resolve, localAddress }: ForwardProxyOptions,
  { authority, client, head }: { readonly authority: string; readonly client: Socket; readonly head: Buffer },
): Promise<void> {
  client.on("error", () => client.destroy());
  const { host, port } = splitAuthority(authority);
  try {
    const upstream = await connectTarget(resolve(host, port), localAddress);
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    joinSockets(client, upstream);
  } catch (error) {
    const sentence = `${authority} cannot be reached: ${messageOf(error)}\n`;
    client.end(
      `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(sentence)}\r\nconnection: close\r\n\r\n${sentence}`,
    );
  }
}
