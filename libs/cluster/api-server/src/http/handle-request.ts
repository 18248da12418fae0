import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, noSuchResource, unauthorized } from "@bookmesh/cluster-api";
import type { Caller } from "@bookmesh/registry";
import { serveDiscovery } from "../discovery/serve-discovery.ts";
import { sendError, sendText, type Exchange } from "./exchange.ts";
import { serveResource } from "./resource-handler.ts";
import { parseRoute } from "./route.ts";
import type { Serving } from "./serving.ts";

const HEALTH_PATHS = ["/healthz", "/livez", "/readyz"];
const NOBODY: Caller = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** Answers one request; never rejects. `closing` is aborted when the server closes. */
export async function handleRequest(
  serving: Serving,
  closing: AbortSignal,
  message: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { request, response } = message;
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("The client went away.")));
  response.on("error", () => gone.abort()); // a broken connection ends the exchange; there is nobody to tell
  const { path, query } = splitUrl(request.url ?? "/");
  const base = {
    request,
    response,
    path,
    query,
    signal: AbortSignal.any([closing, gone.signal]),
    warnings: [],
  };
  try {
    if (isHealthPath(path)) sendText({ ...base, caller: NOBODY }, 200, "ok");
    else await dispatch(serving, { ...base, caller: authenticate(serving, request) });
  } catch (error) {
    const isBug = !(error instanceof ApiError) && !base.signal.aborted;
    if (isBug) serving.logger?.error({ err: error, method: request.method, path }, "a request failed");
    request.resume(); // what is left of a refused body must not block the connection
    sendError({ ...base, caller: NOBODY }, error);
  }
}

/** Who sends the request, by its bearer token; throws Unauthorized. */
export function authenticate({ authenticator }: Serving, request: IncomingMessage): Caller {
  const [scheme = "", token = ""] = (request.headers.authorization ?? "").trim().split(/ +/);
  const found = scheme.toLowerCase() === "bearer" ? authenticator.authenticate(token) : undefined;
  if (found === undefined) throw unauthorized();
  return found.caller;
}

/** The path, still percent-encoded, and the query of a request's target. */
export function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf("?");
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function isHealthPath(path: string): boolean {
  return HEALTH_PATHS.some((health) => path === health || path.startsWith(`${health}/`));
}

async function dispatch(serving: Serving, exchange: Exchange): Promise<void> {
  if (serveDiscovery(serving, exchange)) return;
  const route = parseRoute(exchange.path);
  if (route?.type === "resource") return serveResource(serving, exchange, route);
  if (route !== undefined) throw noSuchResource();
  sendText(exchange, 404, "404 page not found\n");
}
