import type { KubeObject } from "@bookmesh/kube-api";
import type { FileObject } from "./file-objects.ts";

/** An object, and its places in a file where it is from one. */
export type PlacedObject = Pick<FileObject, "object"> & Partial<FileObject>;

/** Kinds that stamp pods: what a file says of them would make new ones. */
const STAMPS = /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job)$/;

/**
 * The objects of a cluster, and all that files hold. A file's object takes the place of the cluster's of the same name,
 * and stays as old as that one is.
 */
export function mergeObjects(
  files: readonly FileObject[],
  stored: readonly KubeObject[],
): readonly PlacedObject[] {
  const before = new Map(stored.map((object) => [keyOf(object), object]));
  const replaced = new Set(files.map(({ object }) => keyOf(object)));
  return [
    ...stored.filter((object) => !replaced.has(keyOf(object))).map((object) => ({ object })),
    ...files.map((file) => ({ ...file, object: withAge(file.object, before.get(keyOf(file.object))) })),
  ];
}

/** Of several objects of one name, the last. */
export function lastOfEach(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((object) => [keyOf(object), object])).values()];
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  const [group = "", version] = apiVersion.split("/");
  return [version === undefined ? "" : group, kind, metadata.namespace, metadata.name].join("/");
}

function withAge(object: KubeObject, before: KubeObject | undefined): KubeObject {
  if (before === undefined) return object;
  const { uid, creationTimestamp } = before.metadata;
  const metadata = {
    ...object.metadata,
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(uid !== undefined && !STAMPS.test(object.kind) && { uid }),
  };
  return { ...object, metadata };
}
