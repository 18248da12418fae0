import type { ResourceAccess } from "@bookmesh/cluster-api";
import {
  controllerQueue,
  keyOf,
  objectCache,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { RESOURCES, type KubeObject, type Namespace } from "@bookmesh/kube-api";
import { deletableResources } from "./namespaced-resources.ts";

/** How soon a namespace is looked at again whose objects still end: pods within their grace, above all. */
const LOOK_MS = 200;

/** `v1.Namespace` with the finalizer that keeps it until it is empty. */
interface FinalizedNamespace extends Namespace {
  readonly spec?: { readonly finalizers?: readonly string[] };
}

/** Empties each namespace that shall be deleted, then lets it go. */
export function namespaceController(context: ControllerContext): Controller {
  const { access } = context;
  const namespaces = objectCache<FinalizedNamespace>(access, RESOURCES.namespaces);
  const queue = controllerQueue("namespace", context, async (name) => {
    const namespace = namespaces.get({ name });
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    if ((await deleteContent(access, name)) > 0) queue.addAfter(name, LOOK_MS);
    else await finalize(access, namespace);
  });
  namespaces.onChange(({ object }) => {
    if (object.metadata.deletionTimestamp !== undefined) queue.add(object.metadata.name);
  });
  return {
    stop() {
      queue.stop();
      namespaces.stop();
    },
  };
}

/** Asks for the deletion of everything that has not been asked yet. Returns how many objects are still there. */
async function deleteContent(access: ResourceAccess, namespace: string): Promise<number> {
  let left = 0;
  for (const resource of await deletableResources(access)) {
    if (!resource.namespaced) continue;
    const { items } = await access.list<KubeObject>(resource, { namespace });
    for (const object of items)
      if (object.metadata.deletionTimestamp === undefined)
        await unlessRefused(access.delete(resource, keyOf(object)), "NotFound", "Conflict");
    // Events go at once and nobody waits for those that are still being written about the others.
    if (resource.plural !== RESOURCES.events.plural)
      left += (await access.list(resource, { namespace })).items.length;
  }
  return left;
}

async function finalize(access: ResourceAccess, namespace: FinalizedNamespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((name) => name !== "kubernetes");
  await unlessRefused(
    access.update(RESOURCES.namespaces, { ...namespace, spec: { ...namespace.spec, finalizers } }),
    "NotFound",
  );
}
