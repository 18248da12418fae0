import type { KubeObject } from "@bookmesh/kube-api";
import { without } from "./json.ts";
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
      const rest = owners.filter(({ uid }) => uid !== owner.metadata.uid);
      if (rest.length === owners.length) continue;
      const metadata = without(object.metadata, "ownerReferences");
      const orphaned = { ...metadata, ...(rest.length > 0 && { ownerReferences: rest }) };
      store.put(kind, { ...object, metadata: orphaned }, object);
    }
  }
}
