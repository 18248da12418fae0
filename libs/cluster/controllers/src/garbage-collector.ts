import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  type Controller,
  type ControllerContext,
  type ObjectCache,
  type ObjectChange,
} from "@bookmesh/reconcile";
import { FOREGROUND, garbageSweeper } from "./garbage-sweeper.ts";
import { deletableResources } from "./namespaced-resources.ts";
import { ownershipGraph } from "./owned-objects.ts";

/** Deletes what belonged to objects that are gone. */
export function garbageCollector(context: ControllerContext): Controller {
  const { access } = context;
  const graph = ownershipGraph();
  const sweeper = garbageSweeper(context, graph);
  const caches = new Map<string, ObjectCache<KubeObject>>();

  function onChange(resource: ResourceRef, { type, object }: ObjectChange<KubeObject>): void {
    const { uid = "", deletionTimestamp, finalizers = [] } = object.metadata;
    if (type === "DELETED") {
      sweeper.forget(uid);
      sweeper.take(graph.remove(object));
      return;
    }
    graph.put(resource, object);
    if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) sweeper.release(resource, object);
  }

  async function followAll(): Promise<void> {
    for (const resource of await deletableResources(access)) {
      const name = `${resource.group}/${resource.plural}`;
      if (caches.has(name) || resource.plural === RESOURCES.events.plural) continue; // events own nothing
      const cache = objectCache<KubeObject>(access, resource);
      caches.set(name, cache);
      cache.onChange((change) => onChange(resource, change));
    }
    sweeper.take(graph.orphans()); // their owners went while nobody was looking
  }

  const definitions = objectCache<KubeObject>(access, RESOURCES.customResourceDefinitions);
  const learning = controllerQueue("garbage-collector-kinds", context, followAll);
  definitions.onChange(({ object }) => learning.add(nameOf(keyOf(object))));
  learning.add("built-in kinds");
  return {
    stop() {
      sweeper.stop();
      learning.stop();
      for (const cache of [...caches.values(), definitions]) cache.stop();
    },
  };
}
