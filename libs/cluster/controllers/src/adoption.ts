import type { ResourceAccess } from "@bookmesh/cluster-api";
import { keyOf, nameOf, unlessRefused, type ObjectCache } from "@bookmesh/reconcile";
import { selects, type KubeObject, type LabelSelector, type ResourceRef } from "@bookmesh/kube-api";
import { controllerOf, controllerReference, controls } from "./owner.ts";

/** An object that controls what its selector selects. */
export interface SelectingObject extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector };
}

/** Objects that may belong to an owner. */
interface Candidates<T> {
  readonly resource: ResourceRef;
  readonly objects: readonly T[];
}

/**
 * Those of the candidates that `owner` controls from now on: it adopts what it selects and nobody controls, and lets go of
 * what it no longer selects. An owner without a selector keeps what it made.
 */
export async function claim<T extends KubeObject>(
  access: ResourceAccess,
  { owner, resource }: { readonly owner: SelectingObject; readonly resource: ResourceRef },
  candidates: Candidates<T>,
): Promise<readonly T[]> {
  const { selector } = owner.spec;
  const { namespace } = owner.metadata;
  const claimed: (T | undefined)[] = [];
  for (const object of candidates.objects) {
    const isSelected = selector === undefined || selects(selector, object.metadata.labels);
    const { ownerReferences = [], deletionTimestamp } = object.metadata;
    const write = (references: typeof ownerReferences) => {
      const changed = { ...object, metadata: { ...object.metadata, ownerReferences: references } };
      return unlessRefused(access.update(candidates.resource, changed), "NotFound");
    };
    if (controls(owner, object)) {
      if (isSelected) claimed.push(object);
      else await write(ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid));
      continue;
    }
    const isFree = controllerOf(object) === undefined && deletionTimestamp === undefined;
    const isNear = object.metadata.namespace === namespace;
    if (selector !== undefined && isSelected && isFree && isNear)
      claimed.push(await write([...ownerReferences, controllerReference(owner, resource)]));
  }
  return claimed.filter((object) => object !== undefined);
}

/** The names of the owners of a kind that a change of `object` concerns: who controls it, or who may adopt it. */
export function concerned(
  object: KubeObject,
  { kind }: ResourceRef,
  owners: ObjectCache<SelectingObject>,
): readonly string[] {
  const { namespace = "", labels = {} } = object.metadata;
  const controller = controllerOf(object);
  if (controller) return controller.kind === kind ? [nameOf({ namespace, name: controller.name })] : [];
  if (Object.keys(labels).length === 0) return [];
  const adopters = owners.list(namespace).filter(({ spec }) => selects(spec.selector, labels));
  return adopters.map((adopter) => nameOf(keyOf(adopter)));
}
