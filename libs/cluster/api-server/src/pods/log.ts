import { pipeline } from "node:stream/promises";
import { badRequest, methodNotAllowed } from "@bookmesh/cluster-api";
import { containerOf, runtimeOf } from "@bookmesh/pod-streams";
import { readObject } from "@bookmesh/registry";
import type { KubeObject } from "@bookmesh/kube-api";
import { targetOf, type ResourceRequest } from "../http/resource-request.ts";

/** `…/pods/<name>/log`: a container's output as text, and what follows with `follow`. */
export async function serveLog(request: ResourceRequest): Promise<void> {
  const { exchange, serving, kind } = request;
  if (exchange.request.method !== "GET") throw methodNotAllowed();
  const pod = targetOf(request);
  const object: KubeObject = readObject(serving.registry, kind, pod);
  const { query, response, signal } = exchange;
  const numbers = {
    tailLines: wholeNumber(query, "tailLines"),
    sinceSeconds: sinceSeconds(query, serving.registry.clock.now()),
    limitBytes: wholeNumber(query, "limitBytes"),
  };
  const stream = await runtimeOf(serving).logs({
    pod,
    container: containerOf(object, query.get("container") ?? ""),
    follow: isTrue(query, "follow"),
    previous: isTrue(query, "previous"),
    timestamps: isTrue(query, "timestamps"),
    ...(numbers.tailLines === undefined ? {} : { tailLines: numbers.tailLines }),
    ...(numbers.sinceSeconds === undefined ? {} : { sinceSeconds: numbers.sinceSeconds }),
    ...(numbers.limitBytes === undefined ? {} : { limitBytes: numbers.limitBytes }),
    signal,
  });
  response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-cache, private" });
  response.flushHeaders();
  await pipeline(stream, response, { signal }).catch(() => response.destroy()); // the client went away, or the server closes
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true" || query.get(name) === "1";
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} must be a whole number`);
  return Number(text);
}

function sinceSeconds(query: URLSearchParams, nowMs: number): number | undefined {
  const since = query.get("sinceTime");
  if (since === null) return wholeNumber(query, "sinceSeconds");
  const sinceMs = Date.parse(since);
  if (Number.isNaN(sinceMs)) throw badRequest(`sinceTime must be a time as in RFC 3339`);
  return Math.max(0, Math.ceil((nowMs - sinceMs) / 1000));
}
