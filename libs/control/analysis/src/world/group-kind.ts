import type { KubeObject } from "@bookmesh/kube-api";

/** A kind of object, whatever its version. */
export interface GroupKind<Kind extends string = string> {
  readonly group: string;
  readonly kind: Kind;
}

/** Says whether an object is of one of the kinds. */
export function isOf<T extends KubeObject>(
  object: KubeObject,
  kinds: readonly GroupKind<T["kind"]>[],
): object is T {
  const slash = object.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : object.apiVersion.slice(0, slash);
  return kinds.some((each) => each.kind === object.kind && each.group === group);
}
