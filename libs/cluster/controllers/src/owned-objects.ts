import type { ObjectKey } from "@bookmesh/cluster-api";
import { keyOf } from "@bookmesh/reconcile";
import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";

/** An object that belongs to others. */
export interface OwnedObject {
  readonly resource: ResourceRef;
  readonly key: ObjectKey;
  readonly uid: string;
  readonly owners: readonly string[];
}

/** Which objects exist and which belong to which: by uid, since a name can be used again. */
export interface OwnershipGraph {
  /** Takes the object as it is now. */
  put(resource: ResourceRef, object: KubeObject): void;
  /** Takes it out. Returns those that belonged to it and have no other owner left. */
  remove(object: KubeObject): readonly OwnedObject[];
  /** All objects with owners of which none exists. */
  orphans(): readonly OwnedObject[];
  /** Those that belong to the object with this uid. */
  ownedBy(uid: string): readonly OwnedObject[];
}

/** An empty graph. */
export function ownershipGraph(): OwnershipGraph {
  const existing = new Set<string>();
  const owned = new Map<string, OwnedObject>();
  const byOwner = new Map<string, Set<string>>();

  const ownedBy = (uid: string) => [...(byOwner.get(uid) ?? [])].flatMap((child) => owned.get(child) ?? []);
  const isAbandoned = ({ owners }: OwnedObject) => !owners.some((owner) => existing.has(owner));

  function unlink(uid: string): void {
    for (const owner of owned.get(uid)?.owners ?? []) {
      const children = byOwner.get(owner);
      children?.delete(uid);
      if (children?.size === 0) byOwner.delete(owner);
    }
    owned.delete(uid);
  }

  return {
    put(resource, object) {
      const { uid = "", ownerReferences = [] } = object.metadata;
      existing.add(uid);
      unlink(uid);
      if (ownerReferences.length === 0) return;
      const owners = ownerReferences.map((reference) => reference.uid);
      owned.set(uid, { resource, key: keyOf(object), uid, owners });
      for (const owner of owners) byOwner.set(owner, (byOwner.get(owner) ?? new Set()).add(uid));
    },
    remove({ metadata: { uid = "" } }) {
      existing.delete(uid);
      unlink(uid);
      return ownedBy(uid).filter(isAbandoned);
    },
    orphans: () => [...owned.values()].filter(isAbandoned),
    ownedBy,
  };
}
