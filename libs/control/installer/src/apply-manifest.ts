import type { KubeObject } from "@bookmesh/kube-api";
import {
  KubeError,
  unknownKind,
  type ApiResource,
  type Discovery,
  type KubeClient,
  type ObjectKey,
} from "@bookmesh/kube-client";
import { itemKeyFor } from "./item-keys.ts";
import { lastAppliedOf, withLastApplied } from "./last-applied.ts";
import { isFields, mergePatchOf, threeWayMerge, type Fields } from "./three-way-merge.ts";

/** What an apply did. */
export interface Applied {
  readonly resource: ApiResource;
  readonly object: KubeObject;
  readonly outcome: "created" | "configured" | "unchanged";
  readonly warnings: readonly string[];
}

/** Which server, and the namespace of objects that name none. */
export interface ApplyContext {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly namespace: string;
}

/** Somebody else wrote between our read and our write: read again, so often at most. */
const MAX_ATTEMPTS = 5;

/**
 * Makes the server's object be what `wanted` says, as `kubectl apply` does: fields that an earlier apply set and
 * this one does not are removed, fields of others stay. Throws `KubeError` where the server refuses.
 */
export async function applyManifest(context: ApplyContext, wanted: KubeObject): Promise<Applied> {
  const { resource, key, object } = await placeOf(context, wanted);
  const modified = withLastApplied(object);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const current = await context.client.get(resource, key);
      return current
        ? await change({ context, resource, key, current, modified })
        : await create(context, resource, modified);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

/** The resource, the key and the full form of an object from a file. Throws where the server has no such kind. */
export async function placeOf(
  { discovery, namespace }: ApplyContext,
  wanted: KubeObject,
): Promise<{ readonly resource: ApiResource; readonly key: ObjectKey; readonly object: KubeObject }> {
  const { name } = wanted.metadata;
  const resource = await discovery.kind(wanted.apiVersion, wanted.kind);
  if (!resource) throw unknownKind(wanted.apiVersion, wanted.kind);
  if (!resource.namespaced) return { resource, key: { name }, object: wanted };
  const key = { namespace: wanted.metadata.namespace ?? namespace, name };
  return {
    resource,
    key,
    object: { ...wanted, metadata: { ...wanted.metadata, namespace: key.namespace } },
  };
}

async function create(
  { client }: ApplyContext,
  resource: ApiResource,
  modified: KubeObject,
): Promise<Applied> {
  const { object, warnings } = await client.create(resource, modified, WRITE);
  return { resource, object, warnings, outcome: "created" };
}

interface Change {
  readonly context: ApplyContext;
  readonly resource: ApiResource;
  readonly key: ObjectKey;
  readonly current: KubeObject;
  readonly modified: KubeObject;
}

async function change({ context, resource, key, current, modified }: Change): Promise<Applied> {
  const patch = patchOf(current, modified);
  if (!patch) return { resource, object: current, warnings: [], outcome: "unchanged" };
  const { object, warnings } = await context.client.patch(
    resource,
    key,
    { type: "merge", body: guarded(patch, current) },
    WRITE,
  );
  const unchanged = object.metadata.resourceVersion === current.metadata.resourceVersion;
  return { resource, object, warnings, outcome: unchanged ? "unchanged" : "configured" };
}

function patchOf(current: KubeObject, modified: KubeObject): Fields | undefined {
  const original = lastAppliedOf(current);
  const merged = threeWayMerge({ original, modified, current }, itemKeyFor(modified.apiVersion));
  return isFields(merged) ? mergePatchOf(current, merged) : undefined;
}

/** Lists are merged on our side, so a patch holds only for the version that was read. */
function guarded(patch: Fields, { metadata: { resourceVersion } }: KubeObject): Fields {
  const metadata = isFields(patch["metadata"]) ? patch["metadata"] : {};
  return { ...patch, metadata: { ...metadata, resourceVersion } };
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof KubeError &&
    (error.status.reason === "Conflict" || error.status.reason === "AlreadyExists")
  );
}

/** kubectl's own name for this kind of write, so that the server counts both as one writer. */
const WRITE = { fieldManager: "kubectl-client-side-apply", strict: true } as const;
