import { methodNotAllowed } from "../api-error.ts";
import { parseBody, readBody } from "../http/body.ts";
import { sendObject, success } from "../http/exchange.ts";
import { targetOf, type ResourceRequest } from "../http/resource-request.ts";
import { requestContext } from "../http/write-query.ts";
import { isRecord, numberField, objectField } from "../registry/json.ts";
import { deleteObject } from "../registry/delete.ts";

/** `POST …/pods/<name>/eviction`: a deletion that asks politely. Disruption budgets are kept, and not enforced. */
export async function serveEviction(request: ResourceRequest): Promise<void> {
  const { exchange, serving, kind } = request;
  if (exchange.request.method !== "POST") throw methodNotAllowed();
  const key = targetOf(request);
  const body = parseBody(
    await readBody(exchange.request),
    exchange.request.headers["content-type"],
    "Eviction",
  );
  const wanted = (isRecord(body) ? objectField(body, "deleteOptions") : undefined) ?? {};
  const grace = numberField(wanted, "gracePeriodSeconds");
  const options = grace === undefined ? {} : { gracePeriodSeconds: grace };
  await deleteObject(serving.registry, { kind, key, options, context: requestContext(exchange) });
  sendObject(exchange, 201, success({ name: key.name, kind: kind.plural }));
}
