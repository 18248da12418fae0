import { ApiError, noSuchResource, type ResourceAccess } from "@bookmesh/cluster-api";
import type { KubeList, KubeObject, ResourceRef } from "@bookmesh/kube-api";
import {
  CONTROLLERS,
  createObject,
  deleteObject,
  keyOf,
  listObjects,
  modifyObject,
  readObject,
  selection,
  watchObjects,
  type Registry,
  type RequestContext,
} from "@bookmesh/registry";
import type { ResourceKind } from "@bookmesh/kube-model";
import type { Authenticator } from "./auth/authenticator.ts";
import { issueToken } from "./auth/issue-token.ts";

const CONTEXT: RequestContext = {
  caller: CONTROLLERS,
  dryRun: false,
  fieldManager: "kube-controller-manager",
  fieldValidation: "Ignore",
  force: false,
  warn: () => undefined, // a controller has nobody to show a warning to
};

/** The API without a socket, for the controllers of the same process. */
export function localAccess(registry: Registry, authenticator: Authenticator): ResourceAccess {
  const row = (resource: ResourceRef) => rowOf(registry, resource);
  return {
    get: async (resource, key) => absentAsUndefined(() => typed(readObject(registry, row(resource), key))),
    list: (resource, options) => settled(() => list(registry, row(resource), options)),
    create: async (resource, object) => typed(await create(registry, row(resource), object)),
    update: async (resource, object) => typed(await update(registry, row(resource), { object })),
    updateStatus: async (resource, object) =>
      typed(await update(registry, row(resource), { object, subresource: "status" })),
    async delete(resource, key, options = {}) {
      const deletion = { kind: row(resource), key, options, context: CONTEXT };
      return (await absentAsUndefined(() => deleteObject(registry, deletion))) !== undefined;
    },
    follow(resource, listener) {
      const kind = row(resource);
      return watchObjects(registry, {
        kind,
        selects: () => true,
        listener: ({ type, object }) => listener({ type, object: typed(object) }),
      });
    },
    serviceAccountToken: (wish) => settled(() => issueToken(registry, authenticator, wish)),
  };
}

function list<T extends KubeObject>(
  registry: Registry,
  kind: ResourceKind,
  options: Parameters<ResourceAccess["list"]>[1] = {},
): KubeList<T> {
  const { namespace } = options;
  const where = namespace === undefined ? {} : { namespace };
  const found = listObjects(registry, { kind, selects: selection(kind, options), ...where });
  return { ...found, items: found.items.map((object) => typed<T>(object)) };
}

/** What throws at once becomes a rejection, as the contract has it. */
function settled<T>(attempt: () => T): Promise<T> {
  return Promise.resolve().then(attempt);
}

function create(registry: Registry, kind: ResourceKind, object: KubeObject): Promise<KubeObject> {
  const { namespace } = object.metadata;
  return createObject(registry, {
    kind,
    object,
    context: CONTEXT,
    ...(namespace === undefined ? {} : { namespace }),
  });
}

function update(
  registry: Registry,
  kind: ResourceKind,
  { object, subresource }: { readonly object: KubeObject; readonly subresource?: string },
): Promise<KubeObject> {
  const part = subresource === undefined ? {} : { subresource };
  return modifyObject(registry, {
    kind,
    key: keyOf(kind, object),
    ...part,
    context: CONTEXT,
    change: () => object,
  });
}

function rowOf({ catalog }: Registry, { group, version, plural }: ResourceRef): ResourceKind {
  const kind = catalog.find(group, version, plural);
  if (kind === undefined) throw noSuchResource();
  return kind;
}

async function absentAsUndefined<T>(attempt: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof ApiError && error.status.reason === "NotFound") return undefined;
    throw error;
  }
}

/** A decoder: the caller's resource says what its objects are, and the schemas have checked them. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- here the caller's type begins
function typed<T extends KubeObject>(object: KubeObject): T {
  return object as T;
}
