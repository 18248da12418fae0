import { methodNotAllowed, noSuchResource, notFound, type ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import {
  createObject,
  decodeObject,
  deleteObject,
  listObjects,
  modifyObject,
  patchObject,
  readObject,
  tellStrictProblems,
  type DeleteOptions,
  type RequestContext,
} from "@bookmesh/registry";
import { duplicateFields } from "@bookmesh/kube-schema";
import { isJson, parseBody, readBody } from "./body.ts";
import { readDeleteOptions } from "./delete-options.ts";
import { sendObject, success, type Exchange } from "./exchange.ts";
import { readListQuery } from "./list-query.ts";
import { represent, representList } from "./represent.ts";
import { answerReview, isReview } from "./reviews.ts";
import type { ResourceRequest } from "./resource-request.ts";
import type { ResourceRoute } from "./route.ts";
import type { Serving } from "./serving.ts";
import { SUBRESOURCES } from "./subresources.ts";
import { serveWatch } from "./watch-stream.ts";
import { requestContext } from "./write-query.ts";

/** Serves a path below a resource: the collection, an object, or a subresource. */
export async function serveResource(
  serving: Serving,
  exchange: Exchange,
  route: ResourceRoute,
): Promise<void> {
  const kind = serving.registry.catalog.find(route.group, route.version, route.plural);
  if (kind === undefined || (!kind.namespaced && route.namespace !== undefined)) throw noSuchResource();
  if (kind.deprecation !== undefined) exchange.warnings.push(kind.deprecation);
  const request: ResourceRequest = { serving, exchange, route, kind };
  if (isReview(kind)) return answerReview(request);
  if (route.subresource !== undefined) {
    const handler = kind.subresources.includes(route.subresource)
      ? SUBRESOURCES.get(route.subresource)
      : undefined;
    if (handler === undefined) throw noSuchResource();
    return handler(request);
  }
  if (route.name === undefined) return serveCollection(request);
  if (kind.namespaced && route.namespace === undefined) throw noSuchResource();
  return serveObject(
    request,
    route.namespace === undefined ? { name: route.name } : { namespace: route.namespace, name: route.name },
  );
}

async function serveCollection(request: ResourceRequest): Promise<void> {
  const { exchange, serving, route, kind } = request;
  switch (exchange.request.method) {
    case "GET": {
      const query = readListQuery(request);
      if (query.watch) return serveWatch(request, query);
      const list = listObjects(serving.registry, query.list);
      sendObject(exchange, 200, representList(request, list));
      return;
    }
    case "POST": {
      if (kind.namespaced && route.namespace === undefined) throw methodNotAllowed();
      const context = requestContext(exchange);
      const object = await readObjectBody(request, context);
      const where = route.namespace === undefined ? {} : { namespace: route.namespace };
      const created = await createObject(serving.registry, { kind, object, context, ...where });
      sendObject(exchange, 201, represent(request, created));
      return;
    }
    case "DELETE":
      return deleteCollection(request);
    default:
      throw methodNotAllowed();
  }
}

async function serveObject(request: ResourceRequest, key: ObjectKey): Promise<void> {
  const { exchange, serving, kind } = request;
  const { registry } = serving;
  switch (exchange.request.method) {
    case "GET": {
      if (exchange.query.get("watch") === "true") return serveWatch(request, readListQuery(request));
      sendObject(exchange, 200, represent(request, readObject(registry, kind, key)));
      return;
    }
    case "PUT": {
      const context = requestContext(exchange);
      const object = await readObjectBody(request, context);
      const updated = await modifyObject(registry, { kind, key, context, change: () => object });
      sendObject(exchange, 200, represent(request, updated));
      return;
    }
    case "PATCH": {
      const contentType = exchange.request.headers["content-type"] ?? "";
      const text = (await readBody(exchange.request)).toString("utf8");
      const patch = { contentType, text };
      const { object, created } = await patchObject(registry, {
        kind,
        key,
        patch,
        context: requestContext(exchange),
      });
      sendObject(exchange, created ? 201 : 200, represent(request, object));
      return;
    }
    case "DELETE": {
      const options = await readDeleteOptions(exchange);
      return sendDeletion(request, key, options);
    }
    default:
      throw methodNotAllowed();
  }
}

async function sendDeletion(request: ResourceRequest, key: ObjectKey, options: DeleteOptions): Promise<void> {
  const { exchange, serving, kind } = request;
  const context = requestContext(exchange, options.dryRun);
  const { object, removed } = await deleteObject(serving.registry, { kind, key, options, context });
  if (!removed || kind.kind === "Pod" || kind.kind === "Service") {
    sendObject(exchange, 200, represent(request, object));
    return;
  }
  const { name, uid = "" } = object.metadata;
  const group = kind.group === "" ? {} : { group: kind.group };
  sendObject(exchange, 200, success({ name, ...group, kind: kind.plural, uid }));
}

async function deleteCollection(request: ResourceRequest): Promise<void> {
  const { exchange, serving, kind } = request;
  if (!kind.verbs.includes("deletecollection")) throw methodNotAllowed();
  const options = await readDeleteOptions(exchange);
  const context = requestContext(exchange, options.dryRun);
  const list = listObjects(serving.registry, readListQuery(request).list);
  for (const { metadata } of list.items) {
    const key =
      metadata.namespace === undefined
        ? { name: metadata.name }
        : { namespace: metadata.namespace, name: metadata.name };
    await deleteObject(serving.registry, { kind, key, options, context }).catch((error: unknown) => {
      if (!isGone(error, notFound(kind, key.name).message)) throw error;
    });
  }
  sendObject(exchange, 200, representList(request, list));
}

/** Somebody else may delete an object of the collection first. */
function isGone(error: unknown, message: string): boolean {
  return error instanceof Error && error.message === message;
}

async function readObjectBody(
  { exchange, kind }: ResourceRequest,
  context: RequestContext,
): Promise<KubeObject> {
  const { request } = exchange;
  const body = await readBody(request);
  const contentType = request.headers["content-type"];
  const object = decodeObject(kind, parseBody(body, contentType, kind.kind), context);
  const duplicates = isJson(contentType) ? duplicateFields(body.toString("utf8")) : [];
  tellStrictProblems(
    kind,
    duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    context,
  );
  return object;
}
