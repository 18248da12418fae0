import { randomUUID } from "node:crypto";
import { ApiError, type ObjectKey, type ResourceAccess } from "@bookmesh/cluster-api";
import { apiVersionOf, type KubeObject, type ResourceRef, type WatchEvent } from "@bookmesh/kube-api";
import { keyOf, nameOf } from "./object-name.ts";

/** An API in memory with just the rules that controllers lean on, for specs. */
export interface FakeAccess extends ResourceAccess {
  /** Refuses the next creations of a kind with this sentence; `undefined` lets them pass again. */
  refuseCreation(kind: string, message: string | undefined): void;
}

type Listener = (event: WatchEvent) => void;

function refusal(code: number, reason: string, message: string): ApiError {
  return new ApiError({ code, reason, message });
}

/** An empty one. */
export function fakeAccess(): FakeAccess {
  const stores = new Map<string, Map<string, KubeObject>>();
  const listeners = new Map<string, Set<Listener>>();
  const refused = new Map<string, string>();
  let version = 0;

  const storeOf = ({ plural }: ResourceRef) => {
    const store = stores.get(plural) ?? new Map<string, KubeObject>();
    stores.set(plural, store);
    return store;
  };
  const emit = ({ plural }: ResourceRef, type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject) => {
    for (const listener of listeners.get(plural) ?? []) listener({ type, object });
  };
  const save = (resource: ResourceRef, object: KubeObject, type: "ADDED" | "MODIFIED") => {
    version += 1;
    const saved = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    storeOf(resource).set(nameOf(keyOf(saved)), saved);
    emit(resource, type, saved);
    return saved;
  };
  const drop = (resource: ResourceRef, object: KubeObject) => {
    storeOf(resource).delete(nameOf(keyOf(object)));
    emit(resource, "DELETED", object);
  };
  const present = (resource: ResourceRef, object: KubeObject): KubeObject => {
    const old = storeOf(resource).get(nameOf(keyOf(object)));
    if (old === undefined) throw refusal(404, "NotFound", `${object.metadata.name} not found`);
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
      throw refusal(409, "Conflict", `${object.metadata.name} has been modified`);
    return old;
  };
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the kind, the store does not
  const typed = <T extends KubeObject>(object: KubeObject): T => object as T; // what went in as T comes out as T

  return {
    refuseCreation(kind, message) {
      if (message === undefined) refused.delete(kind);
      else refused.set(kind, message);
    },
    get: async <T extends KubeObject>(resource: ResourceRef, key: ObjectKey) => {
      await Promise.resolve();
      const object = storeOf(resource).get(nameOf(key));
      return object && typed<T>(object);
    },
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the contract has it
    list: async <T extends KubeObject>(
      resource: ResourceRef,
      options: { readonly namespace?: string } = {},
    ) => {
      await Promise.resolve();
      const items = [...storeOf(resource).values()]
        .filter(({ metadata }) => options.namespace === undefined || metadata.namespace === options.namespace)
        .map((object) => typed<T>(object));
      const kind = `${resource.kind}List`;
      return {
        apiVersion: apiVersionOf(resource),
        kind,
        metadata: { resourceVersion: String(version) },
        items,
      };
    },
    create: async <T extends KubeObject>(resource: ResourceRef, object: T) => {
      await Promise.resolve();
      const sentence = refused.get(resource.kind);
      if (sentence !== undefined) throw refusal(403, "Forbidden", sentence);
      if (storeOf(resource).has(nameOf(keyOf(object))))
        throw refusal(409, "AlreadyExists", `${object.metadata.name} already exists`);
      const metadata = {
        ...object.metadata,
        uid: randomUUID(),
        generation: 1,
        creationTimestamp: new Date().toISOString(),
      };
      return typed<T>(save(resource, { ...object, metadata }, "ADDED"));
    },
    update: async <T extends KubeObject>(resource: ResourceRef, object: T) => {
      await Promise.resolve();
      const old = present(resource, object);
      const isChanged = JSON.stringify(old["spec"]) !== JSON.stringify(object["spec"]);
      const generation = (old.metadata.generation ?? 1) + (isChanged ? 1 : 0);
      const metadata = { ...object.metadata, uid: old.metadata.uid ?? "", generation };
      const next = { ...object, ...(old["status"] === undefined ? {} : { status: old["status"] }), metadata };
      if (
        metadata.deletionTimestamp !== undefined &&
        (metadata.finalizers ?? []).length === 0 &&
        resource.plural !== "pods"
      ) {
        drop(resource, next);
        return typed<T>(next);
      }
      return typed<T>(save(resource, next, "MODIFIED"));
    },
    updateStatus: async <T extends KubeObject>(resource: ResourceRef, object: T) => {
      await Promise.resolve();
      const old = present(resource, object);
      return typed<T>(save(resource, { ...old, status: object["status"] }, "MODIFIED"));
    },
    delete: async (resource, key, options = {}) => {
      await Promise.resolve();
      const object = storeOf(resource).get(nameOf(key));
      if (object === undefined) return false;
      if (options.uid !== undefined && options.uid !== object.metadata.uid)
        throw refusal(409, "Conflict", "the uid differs");
      const grace = options.gracePeriodSeconds ?? (resource.plural === "pods" ? 30 : 0);
      const isHeld = (object.metadata.finalizers ?? []).length > 0;
      if (grace === 0 && !isHeld) drop(resource, object);
      else {
        const metadata = {
          ...object.metadata,
          deletionTimestamp: new Date().toISOString(),
          deletionGracePeriodSeconds: grace,
        };
        save(resource, { ...object, metadata }, "MODIFIED");
      }
      return true;
    },
    follow: <T extends KubeObject>(resource: ResourceRef, listener: (event: WatchEvent<T>) => void) => {
      const heard: Listener = ({ type, object }) => listener({ type, object: typed<T>(object) });
      for (const object of storeOf(resource).values()) heard({ type: "ADDED", object });
      const all = listeners.get(resource.plural) ?? new Set<Listener>();
      listeners.set(resource.plural, all.add(heard));
      return () => all.delete(heard);
    },
    serviceAccountToken: async ({ namespace, serviceAccount, audiences }) => {
      await Promise.resolve();
      const token = [namespace, serviceAccount, ...audiences].join(":");
      return { token, expiresAt: Date.now() + 3_600_000 };
    },
  };
}
