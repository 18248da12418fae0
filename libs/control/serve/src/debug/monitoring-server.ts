import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { JsonValue } from "@bufbuild/protobuf";

/** What a page shows; `undefined` where there is nothing of that name. */
export type Page =
  { readonly status: number; readonly text: string } | { readonly status: number; readonly json: JsonValue };

/** Pages by path. */
export type Pages = ReadonlyMap<string, (query: URLSearchParams) => Page>;

const HEADERS_TIMEOUT_MS = 5_000;

/** Serves what operators and tools ask the control plane: readiness, version, metrics, debug pages. Reads only. */
export function monitoringServer(pages: Pages): Server {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: HEADERS_TIMEOUT_MS });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const page = pageFor(request, pages);
    const body = "json" in page ? `${JSON.stringify(page.json, undefined, 2)}\n` : page.text;
    const type = "json" in page ? "application/json" : "text/plain; charset=utf-8";
    response.writeHead(page.status, { "content-type": type, "x-content-type-options": "nosniff" });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  return server;
}

function pageFor({ method, url }: IncomingMessage, pages: Pages): Page {
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "Only GET is served here.\n" };
  const [path = "", query = ""] = (url ?? "").split("?");
  const page = pages.get(path);
  return page ? page(new URLSearchParams(query)) : { status: 404, text: `There is no page ${path}.\n` };
}
