import { methodNotAllowed } from "@bookmesh/cluster-api";
import { decodeObject, modifyObject, patchObject, readObject } from "@bookmesh/registry";
import { serveEviction } from "../pods/eviction.ts";
import { serveLog } from "../pods/log.ts";
import { refuseWithoutUpgrade } from "../pods/upgrade-only.ts";
import { parseBody, readBody } from "./body.ts";
import { sendObject } from "./exchange.ts";
import { represent } from "./represent.ts";
import { targetOf, type ResourceRequest } from "./resource-request.ts";
import { serveScale } from "./scale.ts";
import { serveToken } from "./token.ts";
import { requestContext } from "./write-query.ts";

/** What serves each subresource; a kind offers those that its row names. */
export const SUBRESOURCES: ReadonlyMap<string, (request: ResourceRequest) => Promise<void>> = new Map([
  ["status", (request: ResourceRequest) => servePart(request, "status")],
  ["finalize", (request: ResourceRequest) => servePart(request, "finalize")],
  ["scale", serveScale],
  ["token", serveToken],
  ["log", serveLog],
  ["eviction", serveEviction],
  ["exec", refuseWithoutUpgrade],
  ["portforward", refuseWithoutUpgrade],
]);

/** A part that is read and written as the whole object. */
async function servePart(request: ResourceRequest, subresource: "status" | "finalize"): Promise<void> {
  const { exchange, serving, kind } = request;
  const key = targetOf(request);
  const { method = "", headers } = exchange.request;
  const { registry } = serving;
  if (method === "GET") {
    sendObject(exchange, 200, represent(request, readObject(registry, kind, key)));
    return;
  }
  const context = requestContext(exchange);
  if (method === "PATCH") {
    const patch = {
      contentType: headers["content-type"] ?? "",
      text: (await readBody(exchange.request)).toString("utf8"),
    };
    const { object } = await patchObject(registry, { kind, key, subresource, patch, context });
    sendObject(exchange, 200, represent(request, object));
    return;
  }
  if (method !== "PUT") throw methodNotAllowed();
  const value = parseBody(await readBody(exchange.request), headers["content-type"], kind.kind);
  const object = decodeObject(kind, value, context);
  const change = () => object;
  const updated = await modifyObject(registry, { kind, key, subresource, context, change });
  sendObject(exchange, 200, represent(request, updated));
}
