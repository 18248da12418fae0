import type { KubeObject } from "@bookmesh/kube-api";
import type { Registry } from "./registry.ts";

/** Takes an owner out of everything that it owns, so that its deletion leaves them alone. */
export function orphanDependents({ store, catalog }: Registry, owner: KubeObject): void {
  const seen = new Set<string>();
  for (const kind of catalog.rows()) {
    const resource = `${kind.group}/${kind.plural}`;
    if (seen.has(resource)) continue;
    seen.add(resource);
    for (const object of store.list(kind, owner.metadata.namespace)) {
      const owners = object.metadata.ownerReferences ?? [];
      const ownerReferences = owners.filter(({ uid }) => uid !== owner.metadata.uid);
      if (ownerReferences.length === owners.length) continue;
      store.put(kind, { ...object, metadata: { ...object.metadata, ownerReferences } }, object);
    }
  }
}
