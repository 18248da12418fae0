import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import { controllerQueue, unlessRefused, type ControllerContext } from "@bookmesh/reconcile";
import type { OwnedObject, OwnershipGraph } from "./owned-objects.ts";

/** What `delete --cascade=foreground` puts on an owner: it goes after all that belong to it. */
export const FOREGROUND = "foregroundDeletion";
/** How soon an owner that waits for its objects is looked at again. */
const LOOK_MS = 200;

/** Deletes what the garbage collector finds. */
export interface GarbageSweeper {
  /** Deletes these objects. */
  take(objects: readonly OwnedObject[]): void;
  /** Deletes what belongs to `owner`, then lets go of it. */
  release(resource: ResourceRef, owner: KubeObject): void;
  /** Forgets an owner that is gone. */
  forget(uid: string): void;
  stop(): void;
}

/** A sweeper that learns from `graph` what belongs to whom. */
export function garbageSweeper(context: ControllerContext, graph: OwnershipGraph): GarbageSweeper {
  const { access } = context;
  const garbage = new Map<string, OwnedObject>();
  const owners = new Map<string, { readonly resource: ResourceRef; readonly object: KubeObject }>();
  const queue = controllerQueue("garbage-collector", context, async (uid) => {
    const object = garbage.get(uid);
    if (object === undefined) return releaseOwner(uid);
    await remove(context, object);
    garbage.delete(uid);
  });

  async function releaseOwner(uid: string): Promise<void> {
    const owner = owners.get(uid);
    if (owner === undefined) return;
    const children = graph.ownedBy(uid);
    for (const child of children)
      await remove(context, child, graph.ownedBy(child.uid).length > 0 ? "Foreground" : "Background");
    if (children.length > 0) {
      queue.addAfter(uid, LOOK_MS);
      return;
    }
    const finalizers = (owner.object.metadata.finalizers ?? []).filter((name) => name !== FOREGROUND);
    const metadata = { ...owner.object.metadata, finalizers };
    await unlessRefused(access.update(owner.resource, { ...owner.object, metadata }), "NotFound");
  }

  return {
    take(objects) {
      for (const object of objects) {
        garbage.set(object.uid, object);
        queue.add(object.uid);
      }
    },
    release(resource, object) {
      const { uid = "" } = object.metadata;
      owners.set(uid, { resource, object });
      queue.add(uid);
    },
    forget: (uid) => owners.delete(uid),
    stop: () => queue.stop(),
  };
}

async function remove(
  { access }: ControllerContext,
  { resource, key, uid }: OwnedObject,
  propagationPolicy: "Background" | "Foreground" = "Background",
): Promise<void> {
  await unlessRefused(access.delete(resource, key, { uid, propagationPolicy }), "NotFound", "Conflict");
}
