import {
  apiVersionOf,
  type KubeList,
  type KubeObject,
  type ResourceRef,
  type WatchEvent,
} from "@bookmesh/kube-api";
import {
  INITIAL_EVENTS_END,
  KubeError,
  type KubeClient,
  type ListOptions,
  type ObjectKey,
  type WatchOptions,
} from "@bookmesh/kube-client";
import { applyPatch } from "./apply-patch.ts";
import { fakeWatches } from "./fake-watches.ts";

/** Answers a create in place of the store. */
export type CreateAnswer = (object: KubeObject) => KubeObject | Promise<KubeObject>;

/** An API server in memory, for specs: objects, watches, and what a spec wants to happen on a create. */
export class FakeKubeApi {
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = fakeWatches();
  readonly #answers = new Map<string, CreateAnswer>();
  #version = 0;

  /** Answers creates of a resource, dry runs too, instead of storing the object. */
  onCreate({ plural }: ResourceRef, answer: CreateAnswer): void {
    this.#answers.set(plural, answer);
  }

  read(resource: ResourceRef, key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(storeKey(resource, key));
  }

  /** Stores an object as some other client would. */
  put(resource: ResourceRef, object: KubeObject): KubeObject {
    const key = storeKey(resource, object.metadata);
    const type = this.#objects.has(key) ? "MODIFIED" : "ADDED";
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    const stored = { ...object, metadata };
    this.#objects.set(key, stored);
    this.#watches.announce(resource, { type, object: stored });
    return stored;
  }

  remove(resource: ResourceRef, key: ObjectKey): boolean {
    const object = this.read(resource, key);
    if (object === undefined) return false;
    this.#objects.delete(storeKey(resource, key));
    this.#watches.announce(resource, { type: "DELETED", object });
    return true;
  }

  /** A client of this API. It is of the real client's type because whoever stores decides what others read. */
  client(): KubeClient {
    const written = (object: KubeObject) => ({ object, warnings: [] });
    return {
      get: (resource: ResourceRef, key: ObjectKey) => Promise.resolve(this.read(resource, key)),
      list: (resource: ResourceRef, where: ListOptions = {}) => Promise.resolve(this.#list(resource, where)),
      watch: (resource: ResourceRef, options: WatchOptions) =>
        this.#watches.watch(resource, options, this.#initialEvents(resource, options)),
      create: async (resource: ResourceRef, object: KubeObject) =>
        written(await this.#create(resource, object)),
      update: async (resource: ResourceRef, object: KubeObject) =>
        written(await this.#update(resource, object)),
      patch: async (resource: ResourceRef, key: ObjectKey, patch: { readonly body: unknown }) =>
        written(await this.#patch(resource, key, patch.body)),
      delete: (resource: ResourceRef, key: ObjectKey) => Promise.resolve(this.remove(resource, key)),
      request: () => Promise.reject(new Error("The fake API answers no raw requests.")),
    } as unknown as KubeClient;
  }

  async #create(resource: ResourceRef, object: KubeObject): Promise<KubeObject> {
    const answer = this.#answers.get(resource.plural);
    if (answer) return answer(object);
    if (this.read(resource, object.metadata)) throw refusal(409, "AlreadyExists", "It exists already.");
    return this.put(resource, object);
  }

  #update(resource: ResourceRef, object: KubeObject): Promise<KubeObject> {
    const current = this.read(resource, object.metadata)?.metadata.resourceVersion;
    if (current !== object.metadata.resourceVersion)
      return Promise.reject(refusal(409, "Conflict", "It was changed meanwhile."));
    return Promise.resolve(this.put(resource, object));
  }

  #patch(resource: ResourceRef, key: ObjectKey, body: unknown): Promise<KubeObject> {
    const object = this.read(resource, key);
    if (object === undefined) return Promise.reject(refusal(404, "NotFound", "It does not exist."));
    return Promise.resolve(this.put(resource, applyPatch(object, body)));
  }

  /** All there is, where a watch does not say from where. */
  #initialEvents(resource: ResourceRef, options: WatchOptions): readonly WatchEvent[] {
    if (options.resourceVersion !== undefined) return [];
    const { items, metadata } = this.#list(resource, options);
    const annotations = { [INITIAL_EVENTS_END]: "true" };
    const end = { apiVersion: apiVersionOf(resource), kind: resource.kind };
    return [
      ...items.map((object) => ({ type: "ADDED", object }) as const),
      { type: "BOOKMARK", object: { ...end, metadata: { name: "", ...metadata, annotations } } },
    ];
  }

  #list(resource: ResourceRef, { namespace, fieldSelector }: ListOptions): KubeList {
    const name = fieldSelector?.replace("metadata.name=", "");
    const items = [...this.#objects]
      .filter(([key]) => key.startsWith(`${resource.plural}/`))
      .map(([, object]) => object)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => name === undefined || metadata.name === name);
    const resourceVersion = String(this.#version);
    return {
      apiVersion: apiVersionOf(resource),
      kind: `${resource.kind}List`,
      metadata: { resourceVersion },
      items,
    };
  }
}

/** What the API says when it refuses. */
export function refusal(code: number, reason: string, message: string): KubeError {
  return new KubeError({
    ...{ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" },
    ...{ code, reason, message },
  });
}

function storeKey({ plural }: ResourceRef, { namespace = "", name }: ObjectKey): string {
  return `${plural}/${namespace}/${name}`;
}
