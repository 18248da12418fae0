import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** An answer of a small server. */
export interface Reply {
  readonly status?: number;
  /** Default: plain text. */
  readonly contentType?: string;
  readonly body: string;
}

/** What stands behind a path. */
export interface Page {
  readonly method: "GET" | "POST";
  readonly answer: (url: URL) => Reply | Promise<Reply>;
}

/** Where to listen and what to serve. */
export interface SmallServerOptions {
  readonly address: string;
  readonly port: number;
  readonly pages: ReadonlyMap<string, Page>;
  /** For paths that are not pages; absent: 404. */
  readonly otherwise?: (url: URL) => Reply | Promise<Reply>;
  /** Says whether a `Host` is one of ours: a web page must not reach this port under a name of its own (DNS rebinding). */
  readonly acceptsHost?: (host: string) => boolean;
}

/** A server that answers, until it is closed. */
export interface SmallServer {
  readonly port: number;
  close(): void;
}

/** Serves a few pages over plain HTTP; rejects when the port cannot be had. */
export function serveSmall(options: SmallServerOptions): Promise<SmallServer> {
  const server = createServer((request, response) => {
    void answerRequest(options, request).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, { status: 500, body: `${String(error)}\n` }),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.address, port: options.port }, () => resolve(handleOf(server)));
  });
}

function handleOf(server: Server): SmallServer {
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answerRequest(options: SmallServerOptions, request: IncomingMessage): Promise<Reply> {
  request.resume();
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (options.acceptsHost?.(host) === false)
    return { status: 403, body: `The host ${JSON.stringify(host)} is not served here.\n` };
  const url = new URL(request.url ?? "/", "http://local");
  const page = options.pages.get(url.pathname);
  if (!page) return options.otherwise?.(url) ?? { status: 404, body: "There is no such page.\n" };
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== page.method) return { status: 405, body: `Use ${page.method}.\n` };
  return page.answer(url);
}

function send(
  response: ServerResponse,
  { status = 200, contentType = "text/plain; charset=UTF-8", body }: Reply,
): void {
  response.writeHead(status, {
    "content-type": contentType,
    "cache-control": "no-cache, max-age=0",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
