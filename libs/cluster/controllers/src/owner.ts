import { apiVersionOf, type KubeObject, type OwnerReference, type ResourceRef } from "@bookmesh/kube-api";

/** The reference that makes `owner` the controller of what carries it. */
export function controllerReference(owner: KubeObject, resource: ResourceRef): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The reference to the controller of `object`, where it has one. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** Says whether `owner` controls `object`. */
export function controls(owner: KubeObject, object: KubeObject): boolean {
  return owner.metadata.uid !== undefined && controllerOf(object)?.uid === owner.metadata.uid;
}
