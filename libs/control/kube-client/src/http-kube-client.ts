import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { apiVersionOf, type KubeList, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import type { WatchEvent } from "@bookmesh/kube-api";
import { failureOf, readBody, readJson, warningsOf } from "./answers.ts";
import { readLines } from "./json-lines.ts";
import type {
  KubeClient,
  ListOptions,
  ObjectKey,
  PatchType,
  RawOptions,
  WatchOptions,
  WriteOptions,
  Written,
} from "./kube-client.ts";
import type { KubeConfig } from "./kube-config.ts";
import { collectionPath, objectPath, selectorParameters, withQuery } from "./resource-path.ts";
import { transport, type Transport } from "./transport.ts";

/** The server ends each watch after at most this; a fresh one moves to a server that came back. */
const WATCH_SECONDS = 600;

/** Streams the objects of a list as events, as fresh as a list would be. Source: Kubernetes, KEP-3157. */
const WATCH_LIST = { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" } as const;

const PATCH_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
} as const satisfies Record<PatchType, string>;

/** A client of the API server that `config` describes. Connections open with the first request. */
export function kubeClient(config: KubeConfig): KubeClient {
  const api = transport(config);
  return {
    get: (resource, key) => getObject(api, resource, key),
    list: (resource, options = {}) => listObjects(api, resource, options),
    watch: (resource, options) => watchObjects(api, resource, options),
    create: (resource, object, options = {}) =>
      write(api, {
        method: "POST",
        path: collectionPath(resource, object.metadata.namespace),
        body: JSON.stringify(object),
        options,
      }),
    update: (resource, object, options = {}) =>
      write(api, {
        method: "PUT",
        path: objectPath(resource, keyOf(object), options.subresource),
        body: JSON.stringify(object),
        options,
      }),
    // eslint-disable-next-line max-params -- the contract of KubeClient: where, which, what, how
    patch: (resource, key, patch, options = {}) =>
      write(api, {
        method: "PATCH",
        path: objectPath(resource, key, options.subresource),
        body: typeof patch.body === "string" ? patch.body : JSON.stringify(patch.body),
        contentType: PATCH_TYPES[patch.type],
        options,
      }),
    delete: (resource, key, options = {}) => deleteObject(api, objectPath(resource, key), options),
    request: (method, path, options = {}) => sendRaw(api, { method, path, ...options }),
  };
}

function keyOf({ metadata: { name, namespace } }: KubeObject): ObjectKey {
  return namespace === undefined ? { name } : { name, namespace };
}

async function getObject<T extends KubeObject>(
  api: Transport,
  resource: ResourceRef,
  key: ObjectKey,
): Promise<T | undefined> {
  const answer = await api.send({ method: "GET", path: objectPath(resource, key), headers: ACCEPT_JSON });
  if (answer.statusCode === 404) {
    const failure = await failureOf(answer);
    // A missing object is an answer, a missing kind (its details name no object) an error.
    if (failure.status.details?.name === key.name) return undefined;
    throw failure;
  }
  return await readJson<T>(answer);
}

async function listObjects<T extends KubeObject>(
  api: Transport,
  resource: ResourceRef,
  options: ListOptions,
): Promise<KubeList<T>> {
  const path = withQuery(collectionPath(resource, options.namespace), selectorParameters(options));
  const list = await readJson<KubeList<T>>(await api.send({ method: "GET", path, headers: ACCEPT_JSON }));
  // The items of a list of a built-in kind do not repeat what the list says.
  const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return { ...list, items: list.items.map((item) => ({ ...type, ...item })) };
}

async function* watchObjects<T extends KubeObject>(
  api: Transport,
  resource: ResourceRef,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { resourceVersion } = options;
  const path = withQuery(collectionPath(resource, options.namespace), {
    ...selectorParameters(options),
    watch: "true",
    allowWatchBookmarks: "true",
    ...(resourceVersion === undefined ? WATCH_LIST : { resourceVersion }),
    timeoutSeconds: String(WATCH_SECONDS),
  });
  const answer = await api.send({ method: "GET", path, headers: ACCEPT_JSON, signal: options.signal });
  if (answer.statusCode !== 200) throw await failureOf(answer);
  try {
    for await (const line of readLines(answer)) {
      // The API server is the authority on the shape of its own events.
      yield JSON.parse(line) as WatchEvent<T>;
    }
  } finally {
    answer.destroy();
  }
}

interface Write {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: string;
  readonly body: string;
  readonly contentType?: string;
  readonly options: WriteOptions;
}

async function write<T extends KubeObject>(api: Transport, wanted: Write): Promise<Written<T>> {
  const { method, path, body, contentType = "application/json", options } = wanted;
  const answer = await api.send({
    method,
    path: withQuery(path, {
      ...(options.dryRun && { dryRun: "All" }),
      ...(options.fieldManager !== undefined && { fieldManager: options.fieldManager }),
      ...(options.force && { force: "true" }),
      ...(options.strict && { fieldValidation: "Strict" }),
    }),
    headers: { ...ACCEPT_JSON, "content-type": contentType },
    body,
  });
  return { object: await readJson<T>(answer), warnings: warningsOf(answer) };
}

async function deleteObject(
  api: Transport,
  path: string,
  options: { readonly gracePeriodSeconds?: number; readonly dryRun?: boolean },
): Promise<boolean> {
  const body = {
    kind: "DeleteOptions",
    apiVersion: "v1",
    propagationPolicy: "Background",
    ...(options.gracePeriodSeconds !== undefined && { gracePeriodSeconds: options.gracePeriodSeconds }),
    ...(options.dryRun && { dryRun: ["All"] }),
  };
  const answer = await api.send({
    method: "DELETE",
    path,
    headers: { ...ACCEPT_JSON, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.statusCode === 404) {
    await readBody(answer);
    return false;
  }
  await readJson(answer);
  return true;
}

async function sendRaw(
  api: Transport,
  request: RawOptions & { readonly method: string; readonly path: string },
): Promise<Response> {
  const { method, path, body, contentType, accept, signal } = request;
  const answer = await api.send({
    method,
    path,
    headers: {
      accept: accept ?? "application/json, */*",
      ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal && { signal, patient: true }),
  });
  if ((answer.statusCode ?? 0) >= 400) throw await failureOf(answer);
  return new Response(bodyStream(answer), { status: answer.statusCode ?? 200, headers: headersOf(answer) });
}

function bodyStream(answer: IncomingMessage): ReadableStream<Uint8Array> | null {
  if (answer.statusCode !== 204 && answer.statusCode !== 304) return Readable.toWeb(answer);
  answer.resume();
  return null;
}

function headersOf(answer: IncomingMessage): [string, string][] {
  return Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
}

const ACCEPT_JSON = { accept: "application/json" } as const;
