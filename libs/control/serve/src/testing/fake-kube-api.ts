import {
  apiVersionOf,
  type KubeList,
  type KubeObject,
  type ResourceRef,
  type Status,
  type WatchEvent,
} from "@bookmesh/kube-api";
import { KubeError, type KubeClient, type ObjectKey } from "@bookmesh/kube-client";

/** An API server in memory, for specs: objects, watches, and what a spec wants to happen on a create. */
export interface FakeKubeApi {
  readonly client: KubeClient;
  /** Stores an object as some other client would. */
  put(resource: ResourceRef, object: KubeObject): void;
  remove(resource: ResourceRef, key: ObjectKey): void;
  read(resource: ResourceRef, key: ObjectKey): KubeObject | undefined;
  /** Answers creates of a resource, dry runs too, instead of storing the object. */
  onCreate(resource: ResourceRef, answer: (object: KubeObject) => KubeObject | Promise<KubeObject>): void;
}

interface Watcher {
  readonly plural: string;
  readonly matches: (object: KubeObject) => boolean;
  readonly tell: (event: WatchEvent) => void;
}

/** An empty API. */
export function fakeKubeApi(): FakeKubeApi {
  const objects = new Map<string, KubeObject>();
  const watchers = new Set<Watcher>();
  const answers = new Map<string, (object: KubeObject) => KubeObject | Promise<KubeObject>>();
  let version = 0;

  const keyOf = ({ plural }: ResourceRef, { namespace = "", name }: ObjectKey) =>
    `${plural}/${namespace}/${name}`;
  const announce = (plural: string, event: WatchEvent) => {
    for (const watcher of watchers)
      if (watcher.plural === plural && watcher.matches(event.object)) watcher.tell(event);
  };
  const put = (resource: ResourceRef, object: KubeObject): KubeObject => {
    const key = keyOf(resource, object.metadata);
    const type = objects.has(key) ? "MODIFIED" : "ADDED";
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    objects.set(key, stored);
    announce(resource.plural, { type, object: stored });
    return stored;
  };
  const remove = (resource: ResourceRef, key: ObjectKey): boolean => {
    const object = objects.get(keyOf(resource, key));
    if (object === undefined) return false;
    objects.delete(keyOf(resource, key));
    announce(resource.plural, { type: "DELETED", object });
    return true;
  };
  const read = (resource: ResourceRef, key: ObjectKey) => objects.get(keyOf(resource, key));
  const create = async (resource: ResourceRef, object: KubeObject): Promise<KubeObject> => {
    const answer = answers.get(resource.plural);
    if (answer) return answer(object);
    if (read(resource, object.metadata)) throw kubeError(409, "AlreadyExists");
    return put(resource, object);
  };
  const patch = (resource: ResourceRef, key: ObjectKey, body: unknown): KubeObject => {
    const object = read(resource, key);
    if (object === undefined) throw kubeError(404, "NotFound");
    return put(resource, Array.isArray(body) ? applyJsonPatch(object, body) : merge(object, body));
  };
  const list = (resource: ResourceRef, where: Where = {}): KubeList => ({
    apiVersion: apiVersionOf(resource),
    kind: `${resource.kind}List`,
    metadata: { resourceVersion: String(version) },
    items: [...objects]
      .filter(([key, object]) => key.startsWith(`${resource.plural}/`) && matcher(where)(object))
      .map(([, object]) => object),
  });
  // A fake: what is stored is what the spec put there, of the type that it will ask for.
  const client = {
    get: async (resource: ResourceRef, key: ObjectKey) => read(resource, key),
    list: async (resource: ResourceRef, where?: Where) => list(resource, where),
    watch: (resource: ResourceRef, options: Where & { readonly signal: AbortSignal }) =>
      watchEvents(resource.plural, options, watchers),
    create: async (resource: ResourceRef, object: KubeObject) => ({
      object: await create(resource, object),
      warnings: [],
    }),
    update: async (resource: ResourceRef, object: KubeObject) => ({
      object: put(resource, object),
      warnings: [],
    }),
    patch: async (resource: ResourceRef, key: ObjectKey, { body }: { readonly body: unknown }) => ({
      object: patch(resource, key, body),
      warnings: [],
    }),
    delete: async (resource: ResourceRef, key: ObjectKey) => remove(resource, key),
    request: () => Promise.reject(new Error("The fake API answers no raw requests.")),
  } as unknown as KubeClient;
  return {
    client,
    put: (resource, object) => void put(resource, object),
    remove: (resource, key) => void remove(resource, key),
    read,
    onCreate: (resource, answer) => void answers.set(resource.plural, answer),
  };
}
