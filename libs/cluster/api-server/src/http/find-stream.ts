import type { IncomingMessage } from "node:http";
import { noSuchResource } from "@bookmesh/cluster-api";
import type { WantedStream } from "@bookmesh/pod-streams";
import { readObject } from "@bookmesh/registry";
import { authenticate, splitUrl } from "./handle-request.ts";
import { parseRoute } from "./route.ts";
import type { Serving } from "./serving.ts";

/** Finds the pod that somebody wants a stream into; throws where they may not, or there is none. */
export function findStream(serving: Serving, request: IncomingMessage): WantedStream {
  authenticate(serving, request);
  const { path, query } = splitUrl(request.url ?? "/");
  const route = parseRoute(path);
  if (route?.type !== "resource" || route.plural !== "pods") throw noSuchResource();
  const { name, namespace, subresource } = route;
  const kind = serving.registry.catalog.find(route.group, route.version, route.plural);
  if (kind === undefined || name === undefined || namespace === undefined) throw noSuchResource();
  const pod = { namespace, name };
  return { subresource, pod, object: readObject(serving.registry, kind, pod), query };
}
