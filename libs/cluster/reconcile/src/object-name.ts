import type { ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";

/** The key of an object: where it lies. */
export function keyOf({ metadata }: KubeObject): ObjectKey {
  return metadata.namespace === undefined
    ? { name: metadata.name }
    : { namespace: metadata.namespace, name: metadata.name };
}

/** `namespace/name`, or `name` alone for cluster-scoped objects: what work queues and maps go by. */
export function nameOf({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The key behind a name that `nameOf` made. */
export function parseName(name: string): ObjectKey {
  const slash = name.indexOf("/");
  return slash < 0 ? { name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
}

/** The object without its version, so that writing it does not ask whether somebody else wrote meanwhile. */
export function unversioned<T extends KubeObject>(object: T): T {
  const metadata = { ...object.metadata };
  Reflect.deleteProperty(metadata, "resourceVersion");
  return { ...object, metadata };
}
